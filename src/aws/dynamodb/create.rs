//! The three ways to make a table: empty, from files, from backups.

use aws_sdk_dynamodb::types::{
    CsvOptions, GlobalSecondaryIndex, InputFormatOptions, LocalSecondaryIndex, S3BucketSource,
    SseSpecification, SseType, StreamSpecification, TableCreationParameters,
};
use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;

use super::indexes::{self, OnDemand};
use super::table::{Import, Table};
use crate::aws::shape::built;
use crate::aws::{Aws, Error, Result};
use crate::resource::New;

pub async fn create(table: &Table, aws: &Aws, new: &New) -> Result<()> {
    if table.restore_source_name.is_some() || table.restore_source_table_arn.is_some() {
        restore(table, aws).await
    } else if let Some(from) = table.import_table.as_ref() {
        import(table, from, aws, new).await
    } else {
        empty(table, aws, new).await
    }
}

async fn empty(it: &Table, aws: &Aws, new: &New) -> Result<()> {
    let call = aws
        .dynamodb()
        .create_table()
        .table_name(&**it.name)
        .billing_mode(it.billing_mode.as_str().into())
        .set_key_schema(Some(indexes::keys(it.hash(), it.range_key.as_deref())?))
        .set_attribute_definitions(Some(indexes::attributes(&it.attribute)?))
        .set_provisioned_throughput(it.rates()?)
        .set_on_demand_throughput(it.on_demand_throughput.as_ref().map(OnDemand::sent))
        .set_global_secondary_indexes(it.global()?)
        .set_local_secondary_indexes(it.local()?)
        .set_stream_specification(if it.streams() { Some(it.stream()?) } else { None })
        .set_sse_specification(it.encryption())
        .set_table_class((it.class() != "STANDARD").then(|| it.class().into()))
        .set_deletion_protection_enabled(it.guarded().then_some(true))
        .set_tags(super::tags(&new.tags)?);
    call.send().await?;
    Ok(())
}

async fn import(it: &Table, from: &Import, aws: &Aws, new: &New) -> Result<()> {
    let parameters = TableCreationParameters::builder()
        .table_name(&**it.name)
        .billing_mode(it.billing_mode.as_str().into())
        .set_key_schema(Some(indexes::keys(it.hash(), it.range_key.as_deref())?))
        .set_attribute_definitions(Some(indexes::attributes(&it.attribute)?))
        .set_provisioned_throughput(it.rates()?)
        .set_on_demand_throughput(it.on_demand_throughput.as_ref().map(OnDemand::sent))
        .set_global_secondary_indexes(it.global()?)
        .set_sse_specification(it.encryption());
    let Some(bucket) = from.s3_bucket_source.as_ref() else {
        return Err(Error::Invalid("import_table needs an s3_bucket_source".into()));
    };
    let source = S3BucketSource::builder()
        .s3_bucket(&bucket.bucket)
        .set_s3_bucket_owner(bucket.bucket_owner.clone())
        .set_s3_key_prefix(bucket.key_prefix.clone());
    let csv = from.input_format_options.as_ref().and_then(|it| it.csv.as_ref()).map(|it| {
        let headers = (!it.header_list.is_empty()).then(|| it.header_list.0.clone());
        CsvOptions::builder().set_delimiter(it.delimiter.clone()).set_header_list(headers).build()
    });
    let call = aws
        .dynamodb()
        .import_table()
        .client_token(&new.token)
        .input_format(from.input_format.as_str().into())
        .set_input_compression_type(from.input_compression_type.as_deref().map(Into::into))
        .set_input_format_options(csv.map(|it| InputFormatOptions::builder().csv(it).build()))
        .s3_bucket_source(built(source.build())?)
        .table_creation_parameters(built(parameters.build())?);
    call.send().await?;
    Ok(())
}

async fn restore(it: &Table, aws: &Aws) -> Result<()> {
    let time = it.restore_date_time.as_deref().map(|it| DateTime::from_str(it, Format::DateTime));
    let time = time.transpose().map_err(|it| Error::Invalid(format!("restore_date_time: {it}")))?;
    let rated = it.read_capacity.is_some() && it.write_capacity.is_some();
    let call = aws
        .dynamodb()
        .restore_table_to_point_in_time()
        .target_table_name(&**it.name)
        .set_source_table_name((**it.restore_source_name).clone())
        .set_source_table_arn((**it.restore_source_table_arn).clone())
        .set_restore_date_time(time)
        .set_use_latest_restorable_time(**it.restore_to_latest_time)
        .billing_mode_override(it.billing_mode.as_str().into())
        .set_provisioned_throughput_override(if rated { it.rates()? } else { None })
        .set_on_demand_throughput_override(it.on_demand_throughput.as_ref().map(OnDemand::sent))
        .set_global_secondary_index_override(it.global()?)
        .set_local_secondary_index_override(it.local()?)
        .set_sse_specification_override(it.encryption());
    call.send().await?;
    Ok(())
}

impl Table {
    fn hash(&self) -> &str {
        self.hash_key.as_deref().unwrap_or_default()
    }

    pub fn rates(&self) -> Result<Option<aws_sdk_dynamodb::types::ProvisionedThroughput>> {
        indexes::throughput(&self.billing_mode, *self.read_capacity, *self.write_capacity)
    }

    fn global(&self) -> Result<Option<Vec<GlobalSecondaryIndex>>> {
        let all = self.global_secondary_index.iter().map(|it| it.sent(&self.billing_mode));
        let all = all.collect::<Result<Vec<_>>>()?;
        Ok((!all.is_empty()).then_some(all))
    }

    fn local(&self) -> Result<Option<Vec<LocalSecondaryIndex>>> {
        let all = self.local_secondary_index.iter().map(|it| it.sent(self.hash()));
        let all = all.collect::<Result<Vec<_>>>()?;
        Ok((!all.is_empty()).then_some(all))
    }

    pub fn stream(&self) -> Result<StreamSpecification> {
        let kind = self.stream_view_type.as_deref().filter(|it| self.streams() && !it.is_empty());
        let stream = StreamSpecification::builder().stream_enabled(self.streams());
        built(stream.set_stream_view_type(kind.map(Into::into)).build())
    }

    /// What to ask of KMS; nothing where the stack says nothing.
    pub fn encryption(&self) -> Option<SseSpecification> {
        let it = self.server_side_encryption.as_ref()?;
        let key = it.kms_key_arn.0.clone().filter(|key| it.enabled && !key.is_empty());
        let kind = key.is_some().then_some(SseType::Kms);
        let spec = SseSpecification::builder().enabled(it.enabled);
        Some(spec.set_kms_master_key_id(key).set_sse_type(kind).build())
    }
}
