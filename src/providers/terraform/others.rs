//! How the states of other stacks are decrypted. A data source is given its arguments alone, so what the
//! stack says about it is kept here, for this thread, which does all the work there is.

use std::cell::RefCell;
use std::rc::Rc;

use crate::state::Encryption;
use crate::state::encryption::Seal;

thread_local! {
    static SAID: RefCell<Rc<Encryption>> = RefCell::default();
}

tokio::task_local! {
    /// The data source that is being read.
    static READING: String;
}

/// From now on they are decrypted as this says.
pub fn decrypted_by(encryption: &Rc<Encryption>) {
    SAID.with(|it| it.replace(encryption.clone()));
}

/// Reads a data source of this address.
pub async fn reading<T>(address: String, read: impl Future<Output = T>) -> T {
    READING.scope(address, read).await
}

/// For the state that is being read: by the name of the data source, or what goes for all of them.
pub(super) fn encryption() -> Rc<Encryption> {
    let address = READING.try_with(|it| name_of(it)).unwrap_or_default();
    SAID.with(|it| {
        let all = it.borrow();
        let own = all.remote.get(&Some(address)).or_else(|| all.remote.get(&None));
        Rc::new(Encryption { state: own.map_or_else(Seal::default, Seal::clone), ..Encryption::default() })
    })
}

/// `module.net.data.terraform_remote_state.base[0]` is called `net.base[0]` there, as OpenTofu has it.
fn name_of(address: &str) -> String {
    let name = address.replacen("data.terraform_remote_state.", "", 1);
    name.strip_prefix("module.").unwrap_or(&name).to_owned()
}
