//! Raw values: input of any format before it is interpreted.
//!
//! `serde`'s derived readers stop at the first error. Reading into [`Value`] first lets every problem be
//! reported at once.

use std::cell::Cell;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde::ser::{SerializeMap, SerializeSeq};
use serde::{Deserialize, Serialize, Serializer};

use crate::base::decimal::{Decimal, EXACT};
use crate::base::problem::quoted;
use crate::config::knob::{KnobValue, share_number};

/// Maximum depth of nested values.
const MAX_DEPTH: u32 = 16;
/// Maximum number of values.
const MAX_VALUES: u32 = 100_000;

/// Any value of JSON or JavaScript.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// `null` or `undefined`.
    Null,
    /// A boolean.
    Bool(bool),
    /// An exact integer.
    Integer(i128),
    /// Any other number.
    Float(f64),
    /// A string.
    String(String),
    /// An array.
    Array(Vec<Value>),
    /// An object, as written: a key may occur twice.
    Object(Vec<(String, Value)>),
}

impl Value {
    /// The value as an integer; `None` for other values and for numbers too large to be exact.
    #[must_use]
    pub(crate) fn as_whole(&self) -> Option<i128> {
        match *self {
            Self::Integer(number) => Some(number),
            // The cast is exact in this range.
            #[expect(clippy::cast_possible_truncation, reason = "the number is an integer that fits")]
            Self::Float(number) if number.fract() == 0.0 && number.abs() <= EXACT => Some(number as i128),
            _ => None,
        }
    }

    /// The value as a floating-point number, rounded; `None` for other values.
    #[must_use]
    pub(crate) fn as_number(&self) -> Option<f64> {
        match *self {
            #[expect(
                clippy::cast_precision_loss,
                reason = "callers that need an exact integer use `as_whole`"
            )]
            Self::Integer(number) => Some(number as f64),
            Self::Float(number) => Some(number),
            _ => None,
        }
    }
}

impl From<KnobValue> for Value {
    fn from(value: KnobValue) -> Self {
        match value {
            KnobValue::Count(count) => Self::Integer(count.into()),
            KnobValue::Share(share) => Self::Float(share_number(share)),
            KnobValue::Switch(on) => Self::Bool(on),
            KnobValue::Choice(name) => Self::String(name.to_owned()),
        }
    }
}

/// A short form for messages.
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("nothing"),
            Self::Bool(on) => write!(f, "{on}"),
            Self::Integer(number) => write!(f, "{number}"),
            Self::Float(number) => write!(f, "{}", Decimal(*number)),
            Self::String(text) => f.write_str(&quoted(text)),
            Self::Array(_) => f.write_str("a list"),
            Self::Object(_) => f.write_str("an object"),
        }
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Reader::with(|reader| reader.deserialize(deserializer))
    }
}

/// Reader of one value, `depth` levels deep, with a budget of `left` values.
///
/// It reads from any `serde` format; the bindings use its limits for JavaScript values.
#[derive(Clone, Copy)]
pub struct Reader<'a> {
    depth: u32,
    left: &'a Cell<u32>,
}

impl Reader<'_> {
    /// Calls `read` with the reader of a whole input.
    pub fn with<T>(read: impl FnOnce(Reader<'_>) -> T) -> T {
        read(Reader { depth: 0, left: &Cell::new(MAX_VALUES) })
    }

    /// Counts one more value.
    ///
    /// # Errors
    ///
    /// If the input has too many values.
    pub fn count(self) -> Result<(), LimitError> {
        debug_assert!(self.left.get() <= MAX_VALUES, "the budget only shrinks");
        let left = self.left.get().checked_sub(1).ok_or(LimitError::TooManyValues)?;
        self.left.set(left);
        Ok(())
    }

    /// Reader of the elements of an array or object.
    ///
    /// # Errors
    ///
    /// If it is nested too deep.
    pub fn deeper(self) -> Result<Self, LimitError> {
        debug_assert!(self.depth <= MAX_DEPTH, "a reader stops at the limit");
        if self.depth == MAX_DEPTH {
            return Err(LimitError::TooDeep);
        }
        Ok(Self { depth: self.depth + 1, ..self })
    }
}

/// Limit of the size of an input that is exceeded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LimitError {
    /// The input has more than 100,000 values.
    TooManyValues,
    /// The input is nested more than 16 levels deep.
    TooDeep,
}

impl fmt::Display for LimitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooManyValues => write!(f, "there are more than {MAX_VALUES} values"),
            Self::TooDeep => write!(f, "values are nested more than {MAX_DEPTH} levels deep"),
        }
    }
}

impl std::error::Error for LimitError {}

impl From<LimitError> for String {
    fn from(error: LimitError) -> Self {
        error.to_string()
    }
}

impl<'de> DeserializeSeed<'de> for Reader<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        self.count().map_err(D::Error::custom)?;
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Reader<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value of JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_none<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        self.deeper().map_err(D::Error::custom)?.deserialize(deserializer)
    }

    fn visit_bool<E>(self, on: bool) -> Result<Value, E> {
        Ok(Value::Bool(on))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Value, E> {
        Ok(Value::Integer(number.into()))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Value, E> {
        Ok(Value::Integer(number.into()))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Value, E> {
        Ok(Value::Float(number))
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(Value::String(text.to_owned()))
    }

    fn visit_string<E>(self, text: String) -> Result<Value, E> {
        Ok(Value::String(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let reader = self.deeper().map_err(A::Error::custom)?;
        let mut list = Vec::new();
        while let Some(value) = access.next_element_seed(reader)? {
            list.push(value);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let reader = self.deeper().map_err(A::Error::custom)?;
        let mut map = Vec::new();
        while let Some(key) = access.next_key()? {
            map.push((key, access.next_value_seed(reader)?));
        }
        Ok(Value::Object(map))
    }
}

/// The bindings need a serializer that turns maps into plain objects.
impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Bool(on) => serializer.serialize_bool(*on),
            Self::Integer(number) => match u64::try_from(*number) {
                Ok(number) => serializer.serialize_u64(number),
                Err(_) => serializer.serialize_i128(*number),
            },
            Self::Float(number) => serializer.serialize_f64(*number),
            Self::String(text) => serializer.serialize_str(text),
            Self::Array(list) => {
                let mut sequence = serializer.serialize_seq(Some(list.len()))?;
                list.iter().try_for_each(|value| sequence.serialize_element(value))?;
                sequence.end()
            }
            Self::Object(entries) => {
                let mut map = serializer.serialize_map(Some(entries.len()))?;
                entries.iter().try_for_each(|(key, value)| map.serialize_entry(key, value))?;
                map.end()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde::de::IntoDeserializer;
    use serde::de::value::{Error, MapDeserializer, SeqDeserializer};

    use super::*;

    #[test]
    fn numbers_keep_what_they_are() {
        let read = |number: f64| Value::deserialize(IntoDeserializer::<Error>::into_deserializer(number));
        assert_eq!(read(0.5).map(|value| value.as_whole()), Ok(None));
        assert_eq!(read(3.0).map(|value| value.as_whole()), Ok(Some(3)));
        assert_eq!(read(1e300).map(|value| value.as_whole()), Ok(None));
        assert_eq!(read(f64::NAN).map(|value| value.as_whole()), Ok(None));
        let whole = IntoDeserializer::<Error>::into_deserializer(u64::MAX);
        assert_eq!(Value::deserialize(whole), Ok(Value::Integer(u64::MAX.into())));
    }

    #[test]
    fn a_key_may_come_twice() {
        let entries = MapDeserializer::<_, Error>::new([("a", 1_u64), ("a", 2)].into_iter());
        let expected = [("a".to_owned(), Value::Integer(1)), ("a".to_owned(), Value::Integer(2))];
        assert_eq!(Value::deserialize(entries), Ok(Value::Object(expected.to_vec())));
    }

    #[test]
    fn too_many_values_are_refused() {
        let list = |length| SeqDeserializer::<_, Error>::new((0..length).map(|_| 0_u64));
        assert!(Value::deserialize(list(MAX_VALUES - 1)).is_ok());
        assert!(
            Value::deserialize(list(MAX_VALUES)).unwrap_err().to_string().contains("more than 100000 values")
        );
    }

    /// An endlessly nested list.
    struct Endless;

    impl<'de> Deserializer<'de> for Endless {
        type Error = Error;

        fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
            visitor.visit_seq(SeqDeserializer::new([Endless].into_iter()))
        }

        serde::forward_to_deserialize_any! {
            bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit
            unit_struct newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
        }
    }

    impl IntoDeserializer<'_, Error> for Endless {
        type Deserializer = Self;

        fn into_deserializer(self) -> Self {
            self
        }
    }

    #[test]
    fn nesting_ends() {
        assert!(Value::deserialize(Endless).unwrap_err().to_string().contains("levels deep"));
    }
}
