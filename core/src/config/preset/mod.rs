//! Presets: named starting points, one file each.
//!
//! A link states only the differences from its preset, so that the values of a preset are part of the link
//! format: once released, a preset never changes. A better one gets a new name and a new code.

mod as_claimed;
#[cfg(feature = "layers")]
mod cache;
#[cfg(feature = "layers")]
mod cache_claimed;
#[cfg(feature = "layers")]
mod cache_shipped;
mod by_sender;
#[cfg(feature = "layers")]
mod blocks;
#[cfg(feature = "layers")]
mod blocks_shipped;
#[cfg(feature = "layers")]
mod full_stack;
mod improved;
#[cfg(feature = "layers")]
mod incident;
#[cfg(feature = "layers")]
mod layered;
mod lifecycle_1;
#[cfg(feature = "layers")]
mod lifecycle_cache;
#[cfg(feature = "layers")]
mod lifecycle_radio;
#[cfg(feature = "layers")]
mod lifecycle_sessions;
#[cfg(feature = "layers")]
mod lora;
#[cfg(feature = "layers")]
mod lora_claimed;
#[cfg(feature = "layers")]
mod lora_hybrid;
#[cfg(feature = "layers")]
mod lora_shipped;
#[cfg(feature = "layers")]
mod lora_world;
mod next;
mod outline;
#[cfg(feature = "layers")]
mod peer_manager;
mod recommended;
mod seed_000;
#[cfg(feature = "layers")]
mod sessions;
#[cfg(feature = "layers")]
mod sessions_claimed;
#[cfg(feature = "layers")]
mod sessions_shipped;
#[cfg(feature = "layers")]
mod warm_world;

use serde::Serialize;

pub use self::outline::Outline;
use super::Config;
use super::lookup::nearest;
use crate::base::problem::{Problem, quoted};

/// A named starting point.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Preset {
    /// Number in links; never reused.
    #[serde(skip)]
    pub code: u8,
    /// Name in scenarios.
    pub name: &'static str,
    /// Title for the page and the command line.
    pub title: &'static str,
    /// Summary of its content in one or two sentences.
    pub summary: &'static str,
    /// Length of the experiment, in rounds.
    pub rounds: u32,
    /// Every knob.
    #[serde(skip)]
    pub config: Config,
}

impl Preset {
    /// A preset with a code, an outline and the values of all knobs.
    #[cfg(feature = "layers")]
    const fn new(code: u8, outline: Outline, config: Config) -> Self {
        let Outline { name, title, summary, rounds } = outline;
        Self { code, name, title, summary, rounds, config }
    }

    /// What the preset is called and does.
    #[must_use]
    pub const fn outline(&self) -> Outline {
        Outline { name: self.name, title: self.title, summary: self.summary, rounds: self.rounds }
    }

    /// The preset with a name.
    ///
    /// # Errors
    ///
    /// If no preset has this name.
    pub fn by_name(name: &str) -> Result<&'static Self, Problem> {
        let name = if name == LIFECYCLE_ALIAS { "improved" } else { name };
        all().find(|preset| preset.name == name).ok_or_else(|| unknown(name))
    }

    /// The preset with a code.
    #[must_use]
    pub(crate) fn by_code(code: u8) -> Option<&'static Self> {
        all().find(|preset| preset.code == code)
    }
}

/// All presets on offer. The first one is that of scenarios without a preset.
pub static PRESETS: &[Preset] = &[
    seed_000::PRESET,
    next::PRESET,
    as_claimed::PRESET,
    improved::PRESET,
    recommended::PRESET,
    #[cfg(feature = "layers")]
    sessions_shipped::PRESET,
    #[cfg(feature = "layers")]
    sessions_claimed::PRESET,
    #[cfg(feature = "layers")]
    sessions::PRESET,
    #[cfg(feature = "layers")]
    cache_shipped::PRESET,
    #[cfg(feature = "layers")]
    cache_claimed::PRESET,
    #[cfg(feature = "layers")]
    cache::PRESET,
    #[cfg(feature = "layers")]
    lora_shipped::PRESET,
    #[cfg(feature = "layers")]
    lora_claimed::PRESET,
    #[cfg(feature = "layers")]
    lora::PRESET,
    #[cfg(feature = "layers")]
    lora_hybrid::PRESET,
    #[cfg(feature = "layers")]
    peer_manager::PRESET,
    #[cfg(feature = "layers")]
    blocks_shipped::PRESET,
    #[cfg(feature = "layers")]
    blocks::PRESET,
    #[cfg(feature = "layers")]
    lifecycle_sessions::PRESET,
    #[cfg(feature = "layers")]
    lifecycle_cache::PRESET,
    #[cfg(feature = "layers")]
    lifecycle_radio::PRESET,
    #[cfg(feature = "layers")]
    full_stack::PRESET,
];

/// Outlines of all presets on offer, those included that this build cannot run.
pub fn outlines() -> impl Iterator<Item = Outline> {
    let of_layers = outline::OF_LAYERS.iter().filter(|_| cfg!(not(feature = "layers")));
    PRESETS.iter().map(Preset::outline).chain(of_layers.copied())
}

/// Presets that better ones have replaced. They are no longer on offer; links to them keep working.
pub static RETIRED: &[Preset] = &[
    lifecycle_1::PRESET,
    by_sender::SEED_000,
    by_sender::NEXT,
    by_sender::AS_CLAIMED,
    #[cfg(feature = "layers")]
    cache::FIRST,
    #[cfg(feature = "layers")]
    cache::SECOND,
    #[cfg(feature = "layers")]
    full_stack::FIRST,
    #[cfg(feature = "layers")]
    blocks::FIRST,
];

/// Name of the current version of the working lifecycle, whichever preset that is.
pub const LIFECYCLE_ALIAS: &str = "lifecycle";

fn all() -> impl Iterator<Item = &'static Preset> {
    PRESETS.iter().chain(RETIRED)
}

/// Names of the presets on offer.
pub fn names() -> impl Iterator<Item = &'static str> {
    PRESETS.iter().map(|preset| preset.name).chain([LIFECYCLE_ALIAS])
}

fn unknown(name: &str) -> Problem {
    let remedy = match nearest(name, names()) {
        Some(name) => format!("did you mean \"{name}\"?"),
        None => format!("the presets are: {}", names().collect::<Vec<_>>().join(", ")),
    };
    Problem::new("preset", format!("there is no preset {}", quoted(name)), remedy)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::KNOBS;
    use crate::config::knob::{Knob, Setting};
    use crate::scenario::rules::contradictions;

    #[test]
    fn names_and_codes_are_unique() {
        for preset in all() {
            assert!(Preset::by_name(preset.name).is_ok_and(|found| found.code == preset.code));
            assert!(Preset::by_code(preset.code).is_some_and(|found| found.name == preset.name));
        }
    }

    /// `web/src/share/link.ts` guesses by the code of a link's preset which module to load.
    #[cfg(feature = "layers")]
    #[test]
    fn presets_with_layers_have_codes_of_their_own() {
        for preset in all() {
            let has_layers = preset.config.session.enabled
                || preset.config.radio.enabled
                || preset.config.manager.enabled
                || preset.config.consensus.enabled;
            assert_eq!(
                has_layers,
                matches!(preset.code, 6..=8 | 20..),
                "{} has {}",
                preset.name,
                preset.code
            );
        }
    }

    #[test]
    fn no_preset_contradicts_itself() {
        assert!(all().all(|preset| contradictions(&preset.config).is_empty()));
    }

    #[test]
    fn a_mistyped_name_is_put_right() {
        let problem = Preset::by_name("sead-000").unwrap_err();
        assert_eq!(problem.remedy, "did you mean \"seed-000\"?");
        assert!(Preset::by_name("").unwrap_err().remedy.contains("lifecycle"));
        assert_eq!(Preset::by_name("lifecycle"), Preset::by_name("improved"));
    }

    /// Every knob has a field of its own: both ends of the range survive, and only that knob changes.
    #[test]
    fn every_knob_reaches_its_own_field() {
        for knob in KNOBS {
            let (min, max) = knob.kind.range();
            for raw in [min, max] {
                let mut config = PRESETS[0].config.clone();
                Setting::from_raw(knob, raw).unwrap().apply(&mut config);
                assert_eq!(knob.setting(&config).raw(), raw, "{}", knob.path);
                for other in KNOBS.iter().filter(|other| other.code != knob.code) {
                    assert_eq!(other.setting(&config), other.setting(&PRESETS[0].config), "{}", knob.path);
                }
            }
        }
    }

    #[test]
    fn every_value_of_the_presets_is_in_range() {
        for (preset, knob) in all().flat_map(|preset| KNOBS.iter().map(move |knob| (preset, knob))) {
            let raw = knob.setting(&preset.config).raw();
            assert!(Setting::from_raw(knob, raw).is_some(), "{}: {}={raw}", preset.name, knob.path);
        }
    }

    #[test]
    fn values_read_as_people_write_them() {
        let config = &PRESETS[0].config;
        let text = |path| Knob::by_path(path).unwrap().setting(config).to_string();
        assert_eq!(text("network.loss"), "network.loss=0.01");
        assert_eq!(text("genesis.peers"), "genesis.peers=30");
        assert_eq!(text("peers.keepalive"), "peers.keepalive=off");
        assert_eq!(text("genesis.topology"), "genesis.topology=local-knowledge");
    }
}
