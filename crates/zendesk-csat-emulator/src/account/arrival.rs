//! When tickets arrive: busier on some weekdays and hours, the same every week.

use super::ids::{domain, mix};

const HOUR: f64 = 3_600_000.0;
const HOURS_A_WEEK: usize = 168;
const DAYS: [f64; 7] = [1.25, 1.12, 1.05, 1.0, 0.93, 0.36, 0.29];
const HOURS: [f64; 24] = [
    0.25, 0.2, 0.15, 0.15, 0.2, 0.35, 0.6, 0.95, 1.4, 1.75, 1.85, 1.7, 1.45, 1.5, 1.65, 1.6, 1.45, 1.25,
    1.05, 0.95, 0.85, 0.7, 0.5, 0.35,
];

/// Arrival times as a pure function of the ticket's number.
#[derive(Debug)]
pub(crate) struct Arrivals {
    seed: u64,
    /// A Monday, 00:00 UTC.
    begins: i64,
    /// Tickets in one week.
    weekly: f64,
    /// The share of a week's tickets that came before each hour; one more entry for the end.
    before: [f64; HOURS_A_WEEK + 1],
}

impl Arrivals {
    /// So many tickets between the two instants, and on at that pace.
    pub(crate) fn new(seed: u64, begins: i64, ends: i64, tickets: u32) -> Self {
        let mut before = [0.0; HOURS_A_WEEK + 1];
        for hour in 0..HOURS_A_WEEK {
            before[hour + 1] = before[hour] + DAYS[hour / 24] * HOURS[hour % 24];
        }
        let total = before[HOURS_A_WEEK];
        before.iter_mut().for_each(|share| *share /= total);
        let mut arrivals = Self {
            seed,
            begins,
            weekly: 1.0,
            before,
        };
        arrivals.weekly = f64::from(tickets.max(1)) / arrivals.weeks_at(ends);
        arrivals
    }

    /// How many weeks' worth of tickets have come by then.
    fn weeks_at(&self, at: i64) -> f64 {
        let hours = (at - self.begins) as f64 / HOUR;
        let week = (hours / HOURS_A_WEEK as f64).floor();
        let within = hours - week * HOURS_A_WEEK as f64;
        let hour = (within as usize).min(HOURS_A_WEEK - 1);
        let share = self.before[hour] + (self.before[hour + 1] - self.before[hour]) * (within - hour as f64);
        week + share
    }

    /// When ticket number `number`, from 0, arrives.
    pub(crate) fn at(&self, number: u32) -> i64 {
        // Never 0: rounding could move a ticket before its time.
        let jitter = (mix(self.seed, domain::ARRIVAL, u64::from(number)) % 1_000).max(1) as f64 / 1_000.0;
        let weeks = (f64::from(number) + jitter) / self.weekly;
        let share = weeks - weeks.floor();
        let hour = self
            .before
            .partition_point(|before| *before <= share)
            .clamp(1, HOURS_A_WEEK)
            - 1;
        let within = (share - self.before[hour]) / (self.before[hour + 1] - self.before[hour]);
        self.begins + ((weeks.floor() * HOURS_A_WEEK as f64 + hour as f64 + within) * HOUR) as i64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MONDAY: i64 = 1_780_272_000_000;
    const WEEK: i64 = 7 * 86_400_000;

    #[test]
    fn exactly_so_many_tickets_arrive_and_in_order() {
        let ends = MONDAY + 104 * WEEK + 28_000_000;
        let arrivals = Arrivals::new(7, MONDAY, ends, 1_000);
        let times: Vec<i64> = (0..1_010).map(|number| arrivals.at(number)).collect();
        assert!(times.windows(2).all(|pair| pair[0] <= pair[1]));
        assert!(times[0] >= MONDAY);
        assert_eq!(times.iter().filter(|at| **at < ends).count(), 1_000);
    }

    #[test]
    fn mondays_are_busier_than_sundays() {
        let arrivals = Arrivals::new(7, MONDAY, MONDAY + 10 * WEEK, 10_000);
        let mut days = [0_u32; 7];
        for number in 0..10_000 {
            days[usize::try_from((arrivals.at(number) - MONDAY) % WEEK / 86_400_000).unwrap()] += 1;
        }
        assert!(days[0] > 3 * days[6], "{days:?}");
    }

    proptest::proptest! {
        #[test]
        fn any_number_of_tickets_arrives_in_its_time(seed: u64, tickets in 1_u32..3_000) {
            let arrivals = Arrivals::new(seed, MONDAY, MONDAY + 5 * WEEK + 1, tickets);
            let times: Vec<i64> = (0..=tickets).map(|number| arrivals.at(number)).collect();
            proptest::prop_assert!(times.is_sorted());
            proptest::prop_assert_eq!(times.iter().filter(|at| **at <= MONDAY + 5 * WEEK).count(), tickets as usize);
        }
    }
}
