//! The macro that makes an object of the drawing: its struct, an enum with one variant a field,
//! and the ways between them.
//!
//! An [`super::edit::Edit`] says what *one field* becomes. So that this stays typed (no strings, no
//! downcasts) each object has a `…Field` enum, e.g. `ServerField::Addresses(…)`; setting a field
//! gives the value that stood there, which is all that undo needs.

/// Serde helper: fields at their default are not written.
pub(crate) fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// Declares an object. `required` fields must stand in a file, `optional` ones are at their default
/// (for a fact: unknown) when absent.
macro_rules! object {
    (
        $(#[$doc:meta])*
        pub struct $object:ident, $field:ident {
            required { $( $(#[$rdoc:meta])* $r:ident : $rty:ty => $rv:ident, )* }
            optional { $( $(#[$odoc:meta])* $o:ident : $oty:ty => $ov:ident, )* }
        }
    ) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
        #[serde(deny_unknown_fields)]
        pub struct $object {
            $( $(#[$rdoc])* pub $r: $rty, )*
            $(
                $(#[$odoc])*
                #[serde(default, skip_serializing_if = "crate::model::object::is_default")]
                pub $o: $oty,
            )*
        }

        #[doc = concat!("One field of a [`", stringify!($object), "`] and what it becomes.")]
        #[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
        pub enum $field {
            $( $(#[$rdoc])* $rv($rty), )*
            $( $(#[$odoc])* $ov($oty), )*
        }

        impl $field {
            /// The field's name, as files and the command line write it.
            pub fn name(&self) -> &'static str {
                match self {
                    $( Self::$rv(_) => stringify!($r), )*
                    $( Self::$ov(_) => stringify!($o), )*
                }
            }
        }

        impl $object {
            /// The names of all fields, in the order in which they are declared.
            pub const FIELDS: &'static [&'static str] =
                &[$( stringify!($r), )* $( stringify!($o), )*];

            /// Sets one field.
            pub fn set(&mut self, field: $field) {
                match field {
                    $( $field::$rv(value) => self.$r = value, )*
                    $( $field::$ov(value) => self.$o = value, )*
                }
            }

            /// The field of that name with its present value.
            pub fn get(&self, name: &str) -> Option<$field> {
                $( if name == stringify!($r) { return Some($field::$rv(self.$r.clone())); } )*
                $( if name == stringify!($o) { return Some($field::$ov(self.$o.clone())); } )*
                None
            }

            /// Whether the field already has this value.
            pub fn has(&self, field: &$field) -> bool {
                match field {
                    $( $field::$rv(value) => self.$r == *value, )*
                    $( $field::$ov(value) => self.$o == *value, )*
                }
            }
        }
    };
}
pub(crate) use object;
