//! A plan in which something is planted in every field that the model has: made by reading the type of the
//! project itself, so that a field that is new is planted too.

use bridgehead::model::Project;
use serde::{
    Deserialize as _, Deserializer,
    de::{self, DeserializeSeed, Visitor, value::StrDeserializer},
};
use std::fmt;

/// Texts that typed fields take: ids, names of the DNS, addresses, keys.
const FORMS: &[&str] = &[
    "zqid",
    "zqhost.zqcorp.local",
    "10.77.3.9",
    "10.77.0.0/16",
    "fd77::9",
    "zqperson@zqcorp.local",
    "zqid/zqcorp.local",
    "zqid/zqcorp.local/zqhost/a",
    "zqid/zqcorp.local/zqhost/txt",
    "zqid/zqcorp.local/zqhost/mx",
    "zqid/zqcorp.local/zqhost/cname",
    "zqid/zqcorp.local/zqhost/ptr",
    "zqid/zqcorp.local/zqhost/ns",
    "zqid/zqcorp.local/zqhost/aaaa",
    "zqid/1",
    "server:zqid",
    "server:zqid in segment:zqid",
    "BH101 server:zqid",
    "zqid server:zqid",
    "zqid zq-item",
    "10 zqmx.zqcorp.local",
    "*;1",
];
/// Fields that are to hold whole names of the DNS, though they would take a single label.
const NAMES: &[&str] = &["computer_name", "directory_domain", "directory_domains", "fqdn", "Cname"];

/// A plan with what was planted in it: where, and which text.
pub(super) struct Planted {
    pub(super) project: Project,
    pub(super) texts: Vec<(String, String)>,
}

/// The plan whose enums have their `choice`-th variant. Plain texts are `Zq<number> planted`, or what
/// `same` says.
pub(super) fn planted(choice: usize, same: Option<&str>) -> Planted {
    let mut forms: Vec<usize> = Vec::new();
    loop {
        let mut state = State {
            choice,
            same: same.map(str::to_owned),
            path: Vec::new(),
            forms: forms.clone(),
            leaf: 0,
            texts: Vec::new(),
        };
        match Project::deserialize(Planter(&mut state)) {
            Ok(project) => return Planted { project, texts: state.texts },
            Err(error) => {
                // The last text did not suit its type: the next form, or nothing suits.
                let leaf = state.leaf - 1;
                forms.resize(state.leaf.max(forms.len()), 0);
                forms.truncate(state.leaf);
                forms[leaf] += 1;
                assert!(forms[leaf] <= FORMS.len(), "{:?}: {error:?}", state.path);
            }
        }
    }
}

struct State {
    choice: usize,
    same: Option<String>,
    path: Vec<String>,
    forms: Vec<usize>,
    leaf: usize,
    texts: Vec<(String, String)>,
}

struct Planter<'s>(&'s mut State);

#[derive(Debug)]
struct Unfit(String);

impl fmt::Display for Unfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
impl std::error::Error for Unfit {}
impl de::Error for Unfit {
    fn custom<T: fmt::Display>(text: T) -> Self {
        Self(text.to_string())
    }
}

impl State {
    fn text(&mut self) -> String {
        let number = self.leaf;
        self.leaf += 1;
        let named = self.path.last().is_some_and(|last| NAMES.contains(&last.as_str()))
            || self.path.iter().rev().nth(1).is_some_and(|one| NAMES.contains(&one.as_str()));
        let text = match self.forms.get(number).copied().unwrap_or(0) {
            0 => self.same.clone().unwrap_or_else(|| format!("Zq{number} planted")),
            1 if named => FORMS[1].to_owned(),
            2 if named => FORMS[0].to_owned(),
            form => FORMS[form - 1].to_owned(),
        };
        self.texts.push((self.path.join("/"), text.clone()));
        text
    }

    fn within<T>(
        &mut self,
        step: &str,
        then: impl FnOnce(&mut Self) -> Result<T, Unfit>,
    ) -> Result<T, Unfit> {
        self.path.push(step.to_owned());
        let outcome = then(self);
        if outcome.is_ok() {
            self.path.pop();
        }
        outcome
    }
}

macro_rules! numbers {
    ($($method:ident $visit:ident),+) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unfit> {
            visitor.$visit(1)
        }
    )+};
}

impl<'de> Deserializer<'de> for Planter<'_> {
    type Error = Unfit;

    numbers!(
        deserialize_i8 visit_i8, deserialize_i16 visit_i16, deserialize_i32 visit_i32,
        deserialize_i64 visit_i64, deserialize_u8 visit_u8, deserialize_u16 visit_u16,
        deserialize_u32 visit_u32, deserialize_u64 visit_u64
    );

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unfit> {
        visitor.visit_bool(true)
    }
    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unfit> {
        visitor.visit_string(self.0.text())
    }
    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unfit> {
        visitor.visit_string(self.0.text())
    }
    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unfit> {
        visitor.visit_string(self.0.text())
    }
    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unfit> {
        visitor.visit_some(self)
    }
    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unfit> {
        visitor.visit_unit()
    }
    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Unfit> {
        visitor.visit_newtype_struct(self)
    }
    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unfit> {
        visitor.visit_seq(Items { state: self.0, left: 1 })
    }
    fn deserialize_tuple<V: Visitor<'de>>(
        self,
        length: usize,
        visitor: V,
    ) -> Result<V::Value, Unfit> {
        visitor.visit_seq(Items { state: self.0, left: length })
    }
    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unfit> {
        visitor.visit_map(Entry { state: self.0, left: 1 })
    }
    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unfit> {
        visitor.visit_map(Fields { state: self.0, fields: fields.iter(), at: None })
    }
    fn deserialize_enum<V: Visitor<'de>>(
        self,
        kind: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unfit> {
        // What an edit does and what it does it to are chosen apart, so that all pairs come up.
        let choice = match kind {
            "Object" | "Field" => self.0.choice / 3,
            _ => self.0.choice,
        };
        let name = variants[choice % variants.len()];
        visitor.visit_enum(Variant { state: self.0, name })
    }
    serde::forward_to_deserialize_any! {
        f32 f64 char bytes byte_buf unit_struct tuple_struct identifier ignored_any
    }
}

struct Items<'s> {
    state: &'s mut State,
    left: usize,
}
impl<'de> de::SeqAccess<'de> for Items<'_> {
    type Error = Unfit;
    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Unfit> {
        if self.left == 0 {
            return Ok(None);
        }
        self.left -= 1;
        self.state.within("*", |state| seed.deserialize(Planter(state))).map(Some)
    }
}

struct Entry<'s> {
    state: &'s mut State,
    left: usize,
}
impl<'de> de::MapAccess<'de> for Entry<'_> {
    type Error = Unfit;
    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Unfit> {
        if self.left == 0 {
            return Ok(None);
        }
        self.left -= 1;
        self.state.within("key", |state| seed.deserialize(Planter(state))).map(Some)
    }
    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Unfit> {
        self.state.within("*", |state| seed.deserialize(Planter(state)))
    }
}

struct Fields<'s> {
    state: &'s mut State,
    fields: std::slice::Iter<'static, &'static str>,
    at: Option<&'static str>,
}
impl<'de> de::MapAccess<'de> for Fields<'_> {
    type Error = Unfit;
    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Unfit> {
        self.at = self.fields.next().copied();
        let Some(name) = self.at else { return Ok(None) };
        seed.deserialize(StrDeserializer::<Unfit>::new(name)).map(Some)
    }
    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Unfit> {
        let name = self.at.unwrap_or_default();
        self.state.within(name, |state| seed.deserialize(Planter(state)))
    }
}

struct Variant<'s> {
    state: &'s mut State,
    name: &'static str,
}
impl<'de, 's> de::EnumAccess<'de> for Variant<'s> {
    type Error = Unfit;
    type Variant = Planter<'s>;
    fn variant_seed<V: DeserializeSeed<'de>>(
        self,
        seed: V,
    ) -> Result<(V::Value, Planter<'s>), Unfit> {
        let variant = seed.deserialize(StrDeserializer::<Unfit>::new(self.name))?;
        Ok((variant, Planter(self.state)))
    }
}
impl<'de> de::VariantAccess<'de> for Planter<'_> {
    type Error = Unfit;
    fn unit_variant(self) -> Result<(), Unfit> {
        Ok(())
    }
    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Unfit> {
        seed.deserialize(self)
    }
    fn tuple_variant<V: Visitor<'de>>(self, length: usize, visitor: V) -> Result<V::Value, Unfit> {
        self.deserialize_tuple(length, visitor)
    }
    fn struct_variant<V: Visitor<'de>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unfit> {
        self.deserialize_struct("", fields, visitor)
    }
}
