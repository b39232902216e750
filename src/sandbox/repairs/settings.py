# CloudWatch Logs: metric filters.


def repair_metric_filters():
    # AWS keeps one filter of a name in a group, and puts another in its place; it refuses filters of groups that are
    # not there, takes them away with their group, and tells 50 a page. moto adds to a list, whatever is there.
    import json
    import time

    from moto.logs.exceptions import ResourceNotFoundException
    from moto.logs.metric_filters import MetricFilters
    from moto.logs.models import LogsBackend
    from moto.logs.responses import LogsResponse

    def place(it):
        return it["logGroupName"], it["filterName"]

    def there(self, group):
        if group not in self.groups:
            raise ResourceNotFoundException("The specified log group does not exist.")

    def add_filter(self, filter_name, filter_pattern, log_group_name, metric_transformations):
        it = {"filterName": filter_name, "filterPattern": filter_pattern, "logGroupName": log_group_name}
        it.update(metricTransformations=metric_transformations, creationTime=int(time.time() * 1000))
        others = [one for one in self.metric_filters if place(one) != place(it)]
        self.metric_filters = sorted([*others, it], key=place)

    put, describe = LogsBackend.put_metric_filter, LogsBackend.describe_metric_filters
    delete_group, told = LogsBackend.delete_log_group, LogsResponse.describe_metric_filters

    def put_metric_filter(self, filter_name, filter_pattern, log_group_name, metric_transformations):
        there(self, log_group_name)
        put(self, filter_name, filter_pattern, log_group_name, metric_transformations)

    def describe_metric_filters(self, prefix=None, log_group_name=None, metric_name=None, metric_namespace=None):
        if log_group_name is not None:
            there(self, log_group_name)
        return describe(self, prefix, log_group_name, metric_name, metric_namespace)

    def delete_metric_filter(self, filter_name=None, log_group_name=None):
        there(self, log_group_name)
        all = self.filters.metric_filters
        left = [it for it in all if place(it) != (log_group_name, filter_name)]
        if len(left) == len(all):
            raise ResourceNotFoundException("The specified metric filter does not exist.")
        self.filters.metric_filters = left

    def delete_log_group(self, log_group_name):
        delete_group(self, log_group_name)
        all = self.filters.metric_filters
        self.filters.metric_filters = [it for it in all if it["logGroupName"] != log_group_name]

    def pages(self):
        answer = json.loads(told(self))
        all, start = answer["metricFilters"], int(self._get_param("nextToken") or 0)
        end = start + int(self._get_param("limit") or 50)
        more = {"nextToken": str(end)} if end < len(all) else {}
        return json.dumps({"metricFilters": all[start:end], **more})

    MetricFilters.add_filter = add_filter
    LogsBackend.put_metric_filter, LogsBackend.describe_metric_filters = put_metric_filter, describe_metric_filters
    LogsBackend.delete_metric_filter, LogsBackend.delete_log_group = delete_metric_filter, delete_log_group
    LogsResponse.describe_metric_filters = pages
