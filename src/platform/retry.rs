//! How a queue tries again, warns and gives up: facts of each mail system, in minutes.

/// The habits of a queue.
#[derive(Debug, PartialEq, Eq)]
pub struct Retries {
    /// Minutes from one attempt to the next; the last gap goes on.
    pub gaps: &'static [u32],
    /// Whether all mail of a queue is tried together; otherwise each message by itself.
    pub together: bool,
    /// After how many minutes the sender is told that it is late; none: never.
    pub notice_min: Option<u32>,
    /// After how many minutes it is returned, at the next attempt.
    pub expiry_min: u32,
}

impl Retries {
    /// Minutes until the next attempt, after so many failed ones.
    pub fn gap(&self, failed: usize) -> u32 {
        let at = failed.saturating_sub(1).min(self.gaps.len().saturating_sub(1));
        self.gaps.get(at).copied().unwrap_or(60).max(1)
    }
}

const DAY: u32 = 24 * 60;

/// Exchange 2000 and 2003: three glitch retries of a minute, then 10, 10, 10, then every 15 min; delay
/// notice after 12 h, returned after 2 days (virtual server defaults).
pub const EXCHANGE_2003: Retries = Retries {
    gaps: &[1, 1, 1, 10, 10, 10, 15],
    together: true,
    notice_min: Some(DAY / 2),
    expiry_min: 2 * DAY,
};

/// Exchange 2007 to SE, hub transport: four glitch retries of a minute, six of 5 min, then every 10 min;
/// delay notice after 4 h, returned after 2 days.
pub const EXCHANGE_2007: Retries = Retries {
    gaps: &[1, 1, 1, 1, 5, 5, 5, 5, 5, 5, 10],
    together: true,
    notice_min: Some(4 * 60),
    expiry_min: 2 * DAY,
};

/// Exchange Online: the first after 15 min at most, growing to an hour; returned after 24 h (since March
/// 2019).
pub const EXCHANGE_ONLINE: Retries =
    Retries { gaps: &[15, 30, 60], together: false, notice_min: None, expiry_min: DAY };

/// Postfix: the wait doubles from 300 s to 4000 s (minimal and maximal back-off); no delay notice; returned
/// after 5 days.
pub const POSTFIX: Retries = Retries {
    gaps: &[5, 5, 10, 20, 40, 67],
    together: false,
    notice_min: None,
    expiry_min: 5 * DAY,
};

/// Exim as Debian sets it up: every 15 min for 2 h, then from an hour growing by half up to 16 h after the
/// first, then every 6 h; delay notice after 24 h; returned after 4 days.
pub const EXIM: Retries = Retries {
    gaps: &[15, 15, 15, 15, 15, 15, 15, 15, 60, 90, 135, 203, 304, 360],
    together: false,
    notice_min: Some(DAY),
    expiry_min: 4 * DAY,
};
