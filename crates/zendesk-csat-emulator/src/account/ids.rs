//! Ids: derived from an index, so that a million records do not store them.

/// Mixes a seed, a domain and a number into 64 well-spread bits.
pub(crate) fn mix(seed: u64, domain: u64, number: u64) -> u64 {
    let mut z = seed
        .wrapping_add(domain.wrapping_mul(0x9E37_79B9_7F4A_7C15))
        .wrapping_add(number.wrapping_mul(0xD1B5_4A32_D192_ED03));
    for _ in 0..2 {
        z = z.wrapping_add(0x9E37_79B9_7F4A_7C15);
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^= z >> 31;
    }
    z
}

/// Domains for [`mix`], one a use, so that no two draws share their bits.
pub(crate) mod domain {
    pub(crate) const IDS: u64 = 1;
    pub(crate) const EVENT: u64 = 2;
    pub(crate) const CUSTOMER: u64 = 3;
    pub(crate) const TICKET: u64 = 4;
    pub(crate) const ULID: u64 = 5;
    pub(crate) const CONVERSATION: u64 = 6;
    pub(crate) const SECRET: u64 = 7;
    pub(crate) const ARRIVAL: u64 = 8;
    pub(crate) const AUDIT: u64 = 9;
    pub(crate) const SURVEY: u64 = 10;
    pub(crate) const REQUEST: u64 = 11;
    pub(crate) const FAULT: u64 = 12;
    pub(crate) const CUSTOM_FIELD: u64 = 13;
    pub(crate) const BELONGING: u64 = 14;
    pub(crate) const ORGANIZATION: u64 = 15;
}

/// Growing ids with irregular gaps, each computed from an index and back.
#[derive(Debug, Clone, Copy)]
pub(crate) struct IdSpace {
    base: u64,
    step: u64,
    salt: u64,
}

impl IdSpace {
    pub(crate) fn new(seed: u64, base: u64, step: u64) -> Self {
        Self {
            base,
            step,
            salt: mix(seed, domain::IDS, base),
        }
    }

    pub(crate) fn id(&self, index: u32) -> u64 {
        let index = u64::from(index);
        self.base + index * self.step + mix(self.salt, domain::IDS, index) % self.step
    }

    pub(crate) fn index(&self, id: u64) -> Option<u32> {
        let index = u32::try_from(id.checked_sub(self.base)? / self.step).ok()?;
        (self.id(index) == id).then_some(index)
    }
}

/// The id spaces of an account.
#[derive(Debug, Clone, Copy)]
pub(crate) struct IdSpaces {
    pub(crate) staff: IdSpace,
    pub(crate) groups: IdSpace,
    pub(crate) customers: IdSpace,
    pub(crate) ratings: IdSpace,
    pub(crate) reasons: IdSpace,
    pub(crate) brands: IdSpace,
    pub(crate) forms: IdSpace,
    pub(crate) organizations: IdSpace,
}

impl IdSpaces {
    pub(crate) fn new(seed: u64) -> Self {
        Self {
            staff: IdSpace::new(seed, 4_398_080_000_000, 104_729),
            groups: IdSpace::new(seed, 360_008_000_000, 7_919),
            customers: IdSpace::new(seed, 21_500_000_000_000, 1_009),
            ratings: IdSpace::new(seed, 11_200_000_000_000, 1_709),
            reasons: IdSpace::new(seed, 10_811_046_000_000, 3_571),
            brands: IdSpace::new(seed, 360_004_000_000, 4_001),
            forms: IdSpace::new(seed, 360_003_000_000, 3_001),
            organizations: IdSpace::new(seed, 360_009_000_000, 6_131),
        }
    }
}

/// A ULID of that millisecond.
pub(crate) fn ulid_at(millis: i64, randomness: u64) -> u128 {
    let random = (u128::from(mix(randomness, domain::ULID, 0)) << 16) | u128::from(randomness & 0xFFFF);
    (u128::from(millis.max(0).unsigned_abs()) << 80) | (random & ((1 << 80) - 1))
}

/// The millisecond that a ULID was made in.
pub(crate) fn ulid_millis(id: u128) -> i64 {
    i64::try_from(id >> 80).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_grow_and_lead_back_to_their_index() {
        let space = IdSpace::new(7, 11_200_000_000_000, 1_709);
        for index in [0, 1, 2, 999_999] {
            assert_eq!(space.index(space.id(index)), Some(index));
            assert!(space.id(index) < space.id(index + 1));
            assert_eq!(space.id(index).to_string().len(), 14);
        }
        assert_eq!(space.index(space.id(5) + 1), None);
        assert_eq!(space.index(3), None);
    }

    #[test]
    fn a_ulid_keeps_its_millisecond() {
        assert_eq!(ulid_millis(ulid_at(1_725_000_000_123, 42)), 1_725_000_000_123);
    }
}
