//! Answers that several reads of one command share.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::future::Future;
use std::hash::Hash;
use std::rc::Rc;

use tokio::sync::Mutex;

use super::{Aws, Error, Result};

/// Keys that reads want to know something about, and what is known.
struct Pool<K, V> {
    waiting: RefCell<Vec<K>>,
    asked: RefCell<HashSet<K>>,
    known: RefCell<HashMap<K, V>>,
    /// Held while asking: the others wait for the answer instead of asking too.
    turn: Mutex<()>,
}

impl<K, V> Default for Pool<K, V> {
    fn default() -> Self {
        let (waiting, asked, known) = Default::default();
        Pool { waiting, asked, known, turn: Mutex::new(()) }
    }
}

impl Aws {
    /// An answer that several reads of one refresh share: asked for once, until [`Aws::forget`].
    pub async fn once<T: 'static>(&self, what: &str, ask: impl Future<Output = Result<T>>) -> Result<Rc<T>> {
        let cell = self.inner.memo.borrow_mut().entry(what.to_owned()).or_default().clone();
        let any = cell
            .get_or_try_init(|| async { Ok::<_, Error>(Rc::new(ask.await?) as Rc<dyn std::any::Any>) })
            .await?;
        any.clone().downcast().map_err(|_| Error::Shape(format!("two kinds of answer for {what}")))
    }

    /// An answer that several reads of one refresh share; an exact read asks for its own.
    pub async fn shared<T: Clone + 'static>(
        &self,
        what: &str,
        ask: impl Future<Output = Result<T>>,
    ) -> Result<T> {
        match self.exact() {
            true => ask.await,
            false => Ok(T::clone(&*self.once(what, ask).await?)),
        }
    }

    /// What is known of these keys, which reads of several types ask about at the same moment: `ask` is
    /// given those of all of them at once, and none a second time until [`Aws::forget`]. What is absent
    /// from its answer is absent from this one.
    pub async fn together<K, V>(
        &self,
        what: &str,
        keys: &[K],
        ask: impl AsyncFnOnce(Vec<K>) -> Result<HashMap<K, V>>,
    ) -> Result<HashMap<K, V>>
    where
        K: Clone + Eq + Hash + 'static,
        V: Clone + 'static,
    {
        let pool = self.once(what, async { Ok(Pool::<K, V>::default()) }).await?;
        pool.waiting.borrow_mut().extend(keys.iter().cloned());
        // Every read that begins now puts its keys down first.
        tokio::task::yield_now().await;
        let turn = pool.turn.lock().await;
        // Mine too: whoever took them along may have failed.
        let mut open = pool.waiting.take();
        open.extend(keys.iter().cloned());
        let mut fresh = HashSet::new();
        open.retain(|it| !pool.asked.borrow().contains(it) && fresh.insert(it.clone()));
        if !open.is_empty() {
            let found = ask(open).await?;
            pool.known.borrow_mut().extend(found);
            pool.asked.borrow_mut().extend(fresh);
        }
        drop(turn);
        let known = pool.known.borrow();
        Ok(keys.iter().filter_map(|it| Some((it.clone(), known.get(it)?.clone()))).collect())
    }

    /// Drops what [`Aws::once`] and [`Aws::together`] kept: the refresh is over.
    pub fn forget(&self) {
        self.inner.memo.borrow_mut().clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run<T>(it: impl Future<Output = T>) -> T {
        tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(it)
    }

    #[test]
    fn keys_of_one_moment_are_asked_about_together_and_none_twice() {
        let (aws, asked) = (Aws::none(), RefCell::new(Vec::new()));
        let about = async |keys: &[u8]| {
            let ask = async |mut all: Vec<u8>| {
                all.sort_unstable();
                asked.borrow_mut().push(all.clone());
                tokio::task::yield_now().await;
                Ok(all.into_iter().filter(|it| *it != 4).map(|it| (it, it * 10)).collect())
            };
            let mut found: Vec<_> = aws.together("it", keys, ask).await.unwrap().into_iter().collect();
            found.sort_unstable();
            found
        };
        run(async {
            let (one, two) = futures::join!(about(&[1, 2]), about(&[2, 3, 4]));
            assert_eq!((one, two), (vec![(1, 10), (2, 20)], vec![(2, 20), (3, 30)]));
            assert_eq!(about(&[3, 4, 5]).await, [(3, 30), (5, 50)]);
        });
        assert_eq!(*asked.borrow(), [vec![1, 2, 3, 4], vec![5]]);
    }

    #[test]
    fn what_failed_is_asked_again_by_whoever_needs_it() {
        let aws = Aws::none();
        let fail = async |_: Vec<u8>| Err::<HashMap<u8, u8>, _>(Error::Invalid("no".to_owned()));
        let work = async |all: Vec<u8>| Ok(all.into_iter().map(|it| (it, it)).collect());
        run(async {
            let (bad, good) = futures::join!(aws.together("it", &[1], fail), aws.together("it", &[2], work));
            assert!(bad.is_err());
            assert_eq!(good.unwrap().len(), 1);
        });
    }
}
