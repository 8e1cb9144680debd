//! Faults: what goes wrong on purpose, by script or by rate.

pub(crate) mod answers;
pub(crate) mod capital_scores;
pub(crate) mod half_emoji;
mod kinds;
pub(crate) mod records;

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};

use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::account::ids::{domain, mix};
use crate::account::life::HOUR;
use crate::account::people::GROUPS;
use crate::request::Request;

pub(crate) use kinds::Fault;

/// Draws for hours share no bits with those for requests.
const HOURS: u64 = 1 << 32;

/// What a request meets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Met {
    pub(crate) fault: Fault,
    /// Chooses among the forms that the fault has.
    pub(crate) draw: u64,
}

/// A step of a script: what the next request that fits meets, nothing where there is no kind.
#[derive(Debug)]
struct Step {
    kind: Option<Fault>,
    /// Only requests whose path contains this.
    path: String,
    times: u32,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenStep {
    kind: Option<String>,
    #[serde(default)]
    path: String,
    #[serde(default = "once")]
    times: u32,
}

fn once() -> u32 {
    1
}

#[derive(Debug, Default)]
struct Settings {
    seed: u64,
    rates: HashMap<&'static str, f64>,
    script: VecDeque<Step>,
    /// How often each request was seen, so that a retry draws anew and order does not matter.
    seen: HashMap<u64, u64>,
}

impl Settings {
    /// Whether a fault happens at its rate, by a number drawn for the occasion.
    fn happens(&self, fault: Fault, drawn: u64) -> bool {
        let rate = self.rates.get(fault.name()).copied().unwrap_or_default();
        (drawn as f64 / u64::MAX as f64) < rate
    }
}

/// One of the account's groups.
pub(crate) fn one_group(draw: u64) -> u8 {
    u8::try_from(mix(draw, domain::FAULT, 0) % GROUPS.len() as u64).unwrap_or_default()
}

/// Faults that cannot be set: what is wrong, by name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct FaultsError(String);

/// The faults in force.
#[derive(Debug, Default)]
pub(crate) struct Faults(Mutex<Settings>);

impl Faults {
    fn settings(&self) -> std::sync::MutexGuard<'_, Settings> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Every kind and its rate, the seed, and what is left of the script.
    pub(crate) fn shown(&self) -> Value {
        let settings = self.settings();
        let mut shown = Map::new();
        shown.insert("seed".to_owned(), json!(settings.seed));
        for fault in Fault::ALL {
            let rate = settings.rates.get(fault.name()).copied().unwrap_or_default();
            shown.insert(fault.name().to_owned(), json!(rate));
        }
        let script: Vec<Value> = settings
            .script
            .iter()
            .map(|step| json!({"kind": step.kind.map(Fault::name), "path": step.path, "times": step.times}))
            .collect();
        shown.insert("script".to_owned(), json!(script));
        Value::Object(shown)
    }

    pub(crate) fn clear(&self) {
        *self.settings() = Settings::default();
    }

    /// Replaces the faults; kinds left out have no rate.
    pub(crate) fn set(&self, wanted: &Value) -> Result<(), FaultsError> {
        *self.settings() = read(wanted).map_err(FaultsError)?;
        Ok(())
    }

    /// What this request meets: the script's next step that fits, else what the rates draw.
    pub(crate) fn meet(&self, request: &Request) -> Option<Met> {
        let mut settings = self.settings();
        let settings = &mut *settings;
        if settings.rates.is_empty() && settings.script.is_empty() {
            return None;
        }
        let what = format!("{} {}?{}", request.method, request.path, request.raw_query);
        let what = what.bytes().fold(settings.seed, |sum, byte| {
            mix(sum, domain::FAULT, u64::from(byte))
        });
        let seen = settings.seen.entry(what).or_default();
        *seen += 1;
        let draw = mix(what, domain::FAULT, *seen << 8);
        if let Some(place) = settings
            .script
            .iter()
            .position(|step| request.path.contains(&step.path))
        {
            let step = &mut settings.script[place];
            let kind = step.kind;
            step.times = step.times.saturating_sub(1);
            if step.times == 0 {
                settings.script.remove(place);
            }
            return kind.map(|fault| Met { fault, draw });
        }
        let by_request = (1_u64..)
            .zip(Fault::ALL)
            .filter(|(_, fault)| *fault != Fault::NarrowRole);
        by_request
            .map(|(place, fault)| (fault, mix(draw, domain::FAULT, place)))
            .find_map(|(fault, drawn)| settings.happens(fault, drawn).then_some(Met { fault, draw }))
    }

    /// The group that an admin is held to in that hour of the account's clock, if to any.
    pub(crate) fn narrowed(&self, now: i64) -> Option<u8> {
        let settings = self.settings();
        let hour = (now / HOUR).unsigned_abs();
        let draw = mix(mix(settings.seed, domain::FAULT, HOURS), domain::FAULT, hour);
        settings.happens(Fault::NarrowRole, draw).then(|| one_group(draw))
    }
}

fn step(written: &Value) -> Result<Step, String> {
    let known = |name: &str| Fault::parse(name).ok_or_else(|| format!("there is no kind of fault {name}"));
    match written {
        Value::Null => Ok(Step {
            kind: None,
            path: String::new(),
            times: 1,
        }),
        Value::String(name) => Ok(Step {
            kind: Some(known(name)?),
            path: String::new(),
            times: 1,
        }),
        _ => {
            let step = WrittenStep::deserialize(written)
                .map_err(|problem| format!("a step of the script: {problem}"))?;
            Ok(Step {
                kind: step.kind.as_deref().map(known).transpose()?,
                path: step.path,
                times: step.times.max(1),
            })
        }
    }
}

fn read(wanted: &Value) -> Result<Settings, String> {
    let wanted = wanted.as_object().ok_or("the faults must be an object")?;
    let mut settings = Settings::default();
    for (name, value) in wanted {
        match name.as_str() {
            "seed" => settings.seed = value.as_u64().ok_or("seed must be a whole number")?,
            "script" => {
                let steps = value.as_array().ok_or("script must be an array")?;
                settings.script = steps.iter().map(step).collect::<Result<_, _>>()?;
            }
            _ => {
                let fault = Fault::parse(name).ok_or_else(|| format!("there is no kind of fault {name}"))?;
                let rate = value.as_f64().filter(|rate| (0.0..=1.0).contains(rate));
                settings.rates.insert(
                    fault.name(),
                    rate.ok_or_else(|| format!("{name} must be a rate from 0 to 1"))?,
                );
            }
        }
    }
    Ok(settings)
}
