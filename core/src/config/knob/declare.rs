//! The macros by which a section is declared: each row is a field, its documentation, its default and its
//! knob at once.

/// Declares a section of [`Config`](crate::config::Config): its struct, `DEFAULT` and the rows of its knobs.
///
/// A row reads `code field (kind) = default "unit" when "meaning"`. Kinds, the type of the field, and
/// defaults:
///
/// | kind | field | default |
/// |---|---|---|
/// | `(count MIN MAX)` | `u32` | a number |
/// | `(limit MAX)` | `Option<NonZeroU32>`, written as 0 if `None` | a number, or `none` |
/// | `(share)`, `(share MILLIONTHS)` | `Ratio`, up to 1 or up to the given millionths | `(PERCENT %)` |
/// | `(switch)` | `bool` | `on` or `off` |
/// | `(choice Enum)` | `Enum`, declared by [`options!`] | a variant |
///
/// `when` is `live` if the knob may change during a run, else `restart`.
macro_rules! section {
    (
        $(#[$attribute:meta])*
        $section:ident: $Config:ident;
        $($code:literal $field:ident ($($kind:tt)+) = $default:tt $unit:literal $when:ident $meaning:literal)+
    ) => {
        $(#[$attribute])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub struct $Config {
            $(
                #[doc = $meaning]
                #[doc = $crate::config::knob::declare::range!(($($kind)+) $default $unit)]
                #[doc = $crate::config::knob::declare::effect!($when)]
                pub $field: $crate::config::knob::declare::field_type!($($kind)+),
            )+
        }

        impl $Config {
            /// The default of every knob of the section.
            pub const DEFAULT: Self = Self {
                $($field: $crate::config::knob::declare::field_default!(($($kind)+) $default),)+
            };

            /// The knobs of the section, in ascending order of their codes.
            pub(super) const KNOBS: &[$crate::config::knob::Knob] = &[$($crate::config::knob::Knob {
                code: $code,
                path: concat!(stringify!($section), ".", stringify!($field)),
                kind: $crate::config::knob::declare::kind!($($kind)+),
                unit: $unit,
                meaning: $meaning,
                live: $crate::config::knob::declare::live!($when),
                get: |config| $crate::config::knob::Field::raw(config.$section.$field),
                set: |config, raw| config.$section.$field = $crate::config::knob::Field::from_raw(raw),
            }),+];
        }
    };
}

/// Declares the options of a choice: an enum and the name of each variant, in the order of their numbers in
/// links.
macro_rules! options {
    (
        $(#[$attribute:meta])*
        pub enum $Type:ident { $($(#[$doc:meta])+ $Variant:ident = $name:literal,)+ }
    ) => {
        $(#[$attribute])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $Type {
            $($(#[$doc])+ $Variant,)+
        }

        $crate::config::knob::declare::option_names!($Type: $($Variant $name),+);
    };
}

/// Gives the variants of an enum that is declared elsewhere their names as options.
macro_rules! option_names {
    ($Type:ident: $($Variant:ident $name:literal),+) => {
        impl $Type {
            /// Names of the options, in the order of their numbers in links.
            pub const OPTIONS: &[&str] = &[$($name),+];
        }

        impl $crate::config::knob::Field for $Type {
            fn raw(self) -> u64 {
                self as u64
            }

            fn from_raw(raw: u64) -> Self {
                let all = [$(Self::$Variant),+];
                usize::try_from(raw).ok().and_then(|index| all.get(index).copied()).unwrap_or(all[0])
            }
        }
    };
}

/// Type of a field by its kind.
macro_rules! field_type {
    (count $min:literal $max:literal) => { u32 };
    (limit $max:literal) => { Option<std::num::NonZeroU32> };
    (share $($millionths:literal)?) => { $crate::base::ratio::Ratio };
    (switch) => { bool };
    (choice $Type:ident) => { $Type };
}

/// Default of a field by its kind.
macro_rules! field_default {
    ((count $min:literal $max:literal) $default:literal) => {
        $default
    };
    ((limit $max:literal) none) => {
        None
    };
    ((limit $max:literal) $default:literal) => {
        std::num::NonZeroU32::new($default)
    };
    ((share $($millionths:literal)?) ($percent:literal %)) => {
        $crate::base::ratio::Ratio::from_percent($percent)
    };
    ((switch) on) => {
        true
    };
    ((switch) off) => {
        false
    };
    ((choice $Type:ident) $Variant:ident) => {
        $Type::$Variant
    };
}

/// Kind of a knob, as [`Kind`](crate::config::knob::Kind).
macro_rules! kind {
    (count $min:literal $max:literal) => {
        $crate::config::knob::Kind::Count { min: $min, max: $max }
    };
    (limit $max:literal) => {
        $crate::config::knob::Kind::Count { min: 0, max: $max }
    };
    (share) => {
        $crate::config::knob::Kind::Share { max: $crate::base::ratio::Ratio::ONE }
    };
    (share $millionths:literal) => {
        $crate::config::knob::Kind::Share { max: $crate::base::ratio::Ratio::from_millionths($millionths) }
    };
    (switch) => {
        $crate::config::knob::Kind::Switch
    };
    (choice $Type:ident) => {
        $crate::config::knob::Kind::Choice { options: $Type::OPTIONS }
    };
}

/// Sentence on range and default for the documentation of a field.
macro_rules! range {
    ((count $min:literal $max:literal) $default:literal $unit:literal) => {
        concat!(" Range ", $min, " to ", $max, ", default ", $default, " ", $unit, ".")
    };
    ((limit $max:literal) none $unit:literal) => {
        concat!(" Range 1 to ", $max, " ", $unit, ", default none (written 0).")
    };
    ((limit $max:literal) $default:literal $unit:literal) => {
        concat!(" Range 1 to ", $max, ", default ", $default, " ", $unit, "; 0 stands for none.")
    };
    ((share) ($percent:literal %) $unit:literal) => {
        concat!(" Range 0 to 100 %, default ", $percent, " %.")
    };
    ((share $millionths:literal) ($percent:literal %) $unit:literal) => {
        concat!(" Range 0 to ", $millionths, " millionths, default ", $percent, " %.")
    };
    ((switch) $default:ident $unit:literal) => {
        concat!(" Default ", stringify!($default), ".")
    };
    ((choice $Type:ident) $Variant:ident $unit:literal) => {
        concat!(" Default [`", stringify!($Type), "::", stringify!($Variant), "`].")
    };
}

/// Sentence on when a change takes effect for the documentation of a field.
macro_rules! effect {
    (live) => {
        ""
    };
    (restart) => {
        " Takes effect after a restart."
    };
}

macro_rules! live {
    (live) => {
        true
    };
    (restart) => {
        false
    };
}

pub(crate) use {effect, field_default, field_type, kind, live, option_names, options, range, section};
