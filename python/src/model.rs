//! What a class made from a schema does: it holds a part of an answer and converts what is read of it.

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyType};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::hash::Hasher;
use std::io;
use std::marker::PhantomData;
use std::sync::Arc;
use yoke::Yoke;
use yoke::erased::ErasedArcCart;

/// A record, or a part of one, that keeps the whole answer alive. Nothing is copied.
pub(crate) struct Shared<T: 'static>(Yoke<&'static T, ErasedArcCart>);

impl<T: Send + Sync + 'static> Shared<T> {
    pub(crate) fn new(record: T) -> Self {
        Self(Yoke::attach_to_cart(Arc::new(record), |record| record).erase_arc_cart())
    }

    /// A record of a page.
    pub(crate) fn of_page(page: &Arc<Vec<T>>, index: usize) -> Option<Self> {
        let record = Yoke::try_attach_to_cart(Arc::clone(page), |page| page.get(index).ok_or(())).ok()?;
        Some(Self(record.erase_arc_cart()))
    }
}

impl<T: 'static> Shared<T> {
    pub(crate) fn get(&self) -> &T {
        self.0.get()
    }

    /// A part of it, if it has that part.
    pub(crate) fn part<P: 'static>(
        &self,
        part: impl for<'a> FnOnce(&'a T) -> Option<&'a P>,
    ) -> Option<Shared<P>> {
        let part = self
            .0
            .try_map_project_cloned(|record, _: PhantomData<&()>| part(record).ok_or(()));
        part.ok().map(Shared)
    }
}

/// A Rust type with a Python class.
pub(crate) trait Model: Sized + 'static {
    /// An object of the class.
    fn object(py: Python<'_>, shared: Shared<Self>) -> PyResult<Bound<'_, PyAny>>;

    /// The properties under the API's names.
    fn dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>>;

    /// An object of the class with a record of its own.
    fn from_record(py: Python<'_>, record: Self) -> PyResult<Py<PyAny>>
    where
        Self: Send + Sync,
    {
        Self::object(py, Shared::new(record)).map(Bound::unbind)
    }
}

/// A property that holds models, and is read as objects of their classes.
pub(crate) trait Nested: 'static {
    /// The objects; `property` leads to the property.
    fn objects<'py, R: 'static>(
        py: Python<'py>,
        record: &Shared<R>,
        property: impl for<'a> Fn(&'a R) -> Option<&'a Self> + Copy,
    ) -> PyResult<Bound<'py, PyAny>>;

    /// The same as plain dicts.
    fn plain<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>>;
}

impl<M: Model> Nested for M {
    fn objects<'py, R: 'static>(
        py: Python<'py>,
        record: &Shared<R>,
        property: impl for<'a> Fn(&'a R) -> Option<&'a Self> + Copy,
    ) -> PyResult<Bound<'py, PyAny>> {
        match record.part(property) {
            Some(part) => M::object(py, part),
            None => Ok(py.None().into_bound(py)),
        }
    }

    fn plain<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.dict(py).map(Bound::into_any)
    }
}

impl<N: Nested> Nested for Option<N> {
    fn objects<'py, R: 'static>(
        py: Python<'py>,
        record: &Shared<R>,
        property: impl for<'a> Fn(&'a R) -> Option<&'a Self> + Copy,
    ) -> PyResult<Bound<'py, PyAny>> {
        N::objects(py, record, move |record| property(record)?.as_ref())
    }

    fn plain<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        match self {
            Some(value) => value.plain(py),
            None => Ok(py.None().into_bound(py)),
        }
    }
}

impl<M: Model> Nested for Vec<M> {
    fn objects<'py, R: 'static>(
        py: Python<'py>,
        record: &Shared<R>,
        property: impl for<'a> Fn(&'a R) -> Option<&'a Self> + Copy,
    ) -> PyResult<Bound<'py, PyAny>> {
        let Some(items) = property(record.get()) else {
            return Ok(py.None().into_bound(py));
        };
        let objects = (0..items.len())
            .filter_map(|index| record.part(move |record| property(record)?.get(index)))
            .map(|item| M::object(py, item))
            .collect::<PyResult<Vec<_>>>()?;
        PyList::new(py, objects).map(Bound::into_any)
    }

    fn plain<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let items = self
            .iter()
            .map(|item| item.dict(py))
            .collect::<PyResult<Vec<_>>>()?;
        PyList::new(py, items).map(Bound::into_any)
    }
}

/// `Class(name=value, …)` with the attributes that are not None.
pub(crate) struct Repr {
    class: String,
    attributes: Vec<String>,
}

impl Repr {
    pub(crate) fn of(class: &Bound<'_, PyType>) -> PyResult<Self> {
        Ok(Self {
            class: class.name()?.to_string(),
            attributes: Vec::new(),
        })
    }

    pub(crate) fn add(&mut self, name: &str, value: &Bound<'_, PyAny>) -> PyResult<()> {
        if !value.is_none() {
            self.attributes.push(format!("{name}={}", value.repr()?));
        }
        Ok(())
    }

    /// Those that have no attribute of their own, by name: nobody knows what their values tell.
    pub(crate) fn add_unknown(&mut self, extra: &zendesk_csat::Extra) {
        if !extra.is_empty() {
            let names: Vec<_> = extra.keys().map(|name| format!("{name:?}: ...")).collect();
            self.attributes.push(format!("extra={{{}}}", names.join(", ")));
        }
    }

    pub(crate) fn text(self) -> String {
        format!("{}({})", self.class, self.attributes.join(", "))
    }
}

/// A hash that equal records share: of their JSON.
pub(crate) fn hash(record: &impl Serialize) -> u64 {
    struct Sink(std::collections::hash_map::DefaultHasher);
    impl io::Write for Sink {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.write(bytes);
            Ok(bytes.len())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let mut sink = Sink(std::collections::hash_map::DefaultHasher::new());
    let _infallible = serde_json::to_writer(&mut sink, record);
    sink.0.finish()
}

/// A JSON text.
#[derive(FromPyObject)]
pub(crate) enum Json {
    #[pyo3(annotation = "str")]
    Text(String),
    #[pyo3(annotation = "bytes")]
    Bytes(Vec<u8>),
}

impl Json {
    /// The record; the error says where it does not fit, and not what stands there.
    pub(crate) fn read<T: DeserializeOwned>(&self) -> PyResult<T> {
        let bytes = match self {
            Self::Text(text) => text.as_bytes(),
            Self::Bytes(bytes) => bytes,
        };
        serde_json::from_slice(bytes).map_err(|error| {
            let (line, column) = (error.line(), error.column());
            PyValueError::new_err(format!(
                "not the JSON of such a record: line {line}, column {column}"
            ))
        })
    }
}

/// The record of a JSON text as an object of the class, or an error that says of which class it is.
pub(crate) fn of_json<'py, M: Model + DeserializeOwned + Send + Sync>(
    class: &Bound<'py, PyType>,
    text: &Json,
) -> PyResult<Bound<'py, PyAny>> {
    let record: M = text.read()?;
    let object = M::object(class.py(), Shared::new(record))?;
    if object.is_instance(class)? {
        return Ok(object);
    }
    let (found, wanted) = (object.get_type(), class);
    Err(PyValueError::new_err(format!(
        "the type of the record makes it a {}, not a {}",
        found.name()?,
        wanted.name()?
    )))
}

/// A record as JSON.
pub(crate) fn json(record: &impl Serialize) -> PyResult<String> {
    serde_json::to_string(record).map_err(|error| PyValueError::new_err(error.to_string()))
}

/// A Python class of a Rust model: `value` properties are converted, `nested` ones are models. A `value_view` is read by
/// a method of the Rust type. What is `aside` or `nested_aside` is so too, and no property of the record: it has an
/// attribute, and no place in `to_dict` and `repr`. What is `unknown` has no attribute of its own: it stands in `to_dict` beside
/// what has, and `repr` shows no values of it.
///
/// `open` models are read from JSON and written to it. `secret` ones lead to secrets, and are not written anywhere.
/// `plain` ones are our own records; more methods may follow their properties.
///
/// Records of a model are of `one` class, or of `many`: then `kinds!` has those under the model's own.
macro_rules! model {
    ($(#[doc = $doc:literal])* open $classes:ident $name:ident: $rust:ty, $fields:tt) => {
        crate::model::model!(@class $classes "zendesk_csat.types" $(#[doc = $doc])* $name: $rust, $fields {
            /// The record of a JSON text, as the service sends it.
            ///
            /// Example:
            ///     >>> from zendesk_csat.types import SatisfactionRating
            ///     >>> SatisfactionRating.from_json('{"id": 7, "score": "good"}')
            ///     SatisfactionRating(id=7, score='good')
            #[classmethod]
            fn from_json<'py>(
                class: &::pyo3::Bound<'py, ::pyo3::types::PyType>,
                text: crate::model::Json,
            ) -> ::pyo3::PyResult<::pyo3::Bound<'py, ::pyo3::PyAny>> {
                crate::model::of_json::<$rust>(class, &text)
            }

            /// The record as JSON, under the API's names.
            ///
            /// Example:
            ///     >>> from zendesk_csat.types import SatisfactionRating
            ///     >>> rating = SatisfactionRating.from_json(b'{"id": 7, "score": "good"}')
            ///     >>> SatisfactionRating.from_json(rating.to_json()) == rating
            ///     True
            fn to_json(&self) -> ::pyo3::PyResult<String> {
                crate::model::json(self.0.get())
            }

            fn __reduce__<'py>(
                slf: &::pyo3::Bound<'py, Self>,
            ) -> ::pyo3::PyResult<(::pyo3::Bound<'py, ::pyo3::PyAny>, (String,))> {
                use ::pyo3::types::PyAnyMethods;
                Ok((slf.get_type().getattr("from_json")?, (slf.get().to_json()?,)))
            }
        });
    };
    ($(#[doc = $doc:literal])* secret $classes:ident $name:ident: $rust:ty, $fields:tt) => {
        crate::model::model!(@class $classes "zendesk_csat.types" $(#[doc = $doc])* $name: $rust, $fields {
            fn __reduce__(&self) -> ::pyo3::PyResult<()> {
                Err(::pyo3::exceptions::PyTypeError::new_err("it leads to a secret: it is not pickled"))
            }
        });
    };
    ($(#[doc = $doc:literal])* plain $name:ident: $rust:ty, $fields:tt $methods:tt) => {
        crate::model::model!(@class one "zendesk_csat" $(#[doc = $doc])* $name: $rust, $fields $methods);
    };
    (@class one $module:literal $(#[doc = $doc:literal])* $name:ident: $rust:ty, $fields:tt $methods:tt) => {
        crate::model::model!(@class [] $module $(#[doc = $doc])* $name: $rust, $fields $methods);

        impl $name {
            fn made(
                py: ::pyo3::Python<'_>,
                shared: crate::model::Shared<$rust>,
            ) -> ::pyo3::PyResult<::pyo3::Bound<'_, ::pyo3::PyAny>> {
                ::pyo3::Bound::new(py, Self(shared)).map(::pyo3::Bound::into_any)
            }
        }
    };
    (@class many $module:literal $(#[doc = $doc:literal])* $name:ident: $rust:ty, $fields:tt $methods:tt) => {
        crate::model::model!(@class [subclass,] $module $(#[doc = $doc])* $name: $rust, $fields $methods);
    };
    (@class [$($option:tt)*] $module:literal $(#[doc = $doc:literal])* $name:ident: $rust:ty, {
        $($(#[doc = $field_doc:literal])* $access:ident $field:ident $attribute:literal $key:literal;)*
    } { $($method:tt)* }) => {
        $(#[doc = $doc])*
        #[::pyo3::pyclass(frozen, eq, $($option)* module = $module)]
        pub(crate) struct $name(crate::model::Shared<$rust>);

        impl ::std::cmp::PartialEq for $name {
            fn eq(&self, other: &Self) -> bool {
                self.0.get() == other.0.get()
            }
        }

        #[::pyo3::pymethods]
        impl $name {
            // A new property would shift positions: only kinds have them.
            #[classattr]
            #[allow(non_snake_case)]
            fn __match_args__(py: ::pyo3::Python<'_>) -> ::pyo3::PyResult<::pyo3::Py<::pyo3::types::PyTuple>> {
                crate::kinds::match_args(py, &[])
            }

            // In their order, for what makes columns of them.
            #[classattr]
            fn _properties(py: ::pyo3::Python<'_>) -> ::pyo3::PyResult<::pyo3::Py<::pyo3::types::PyTuple>> {
                let names: &[&str] = &[$($attribute),*];
                ::pyo3::types::PyTuple::new(py, names).map(::pyo3::Bound::unbind)
            }

            $(
                $(#[doc = $field_doc])*
                #[getter]
                #[pyo3(name = $attribute)]
                fn $field<'py>(&self, py: ::pyo3::Python<'py>) -> ::pyo3::PyResult<::pyo3::Bound<'py, ::pyo3::PyAny>> {
                    crate::model::model!(@read $access $field self py)
                }
            )*

            $($method)*

            /// The properties under the API's names, nested models as dicts.
            ///
            /// Example:
            ///     >>> rating = client.satisfaction_ratings.list().first().to_dict()
            ///     >>> rating["score"] in ("good", "bad", "offered", "unoffered")
            ///     True
            fn to_dict<'py>(
                &self,
                py: ::pyo3::Python<'py>,
            ) -> ::pyo3::PyResult<::pyo3::Bound<'py, ::pyo3::types::PyDict>> {
                crate::model::Model::dict(self.0.get(), py)
            }

            fn __repr__<'py>(slf: &::pyo3::Bound<'py, Self>) -> ::pyo3::PyResult<String> {
                use ::pyo3::types::PyAnyMethods;
                let mut repr = crate::model::Repr::of(&slf.get_type())?;
                $(crate::model::model!(@shown $access $attribute $field slf repr);)*
                Ok(repr.text())
            }

            fn __hash__(&self) -> u64 {
                crate::model::hash(self.0.get())
            }

            fn __copy__(slf: ::pyo3::Py<Self>) -> ::pyo3::Py<Self> {
                slf
            }

            fn __deepcopy__(slf: ::pyo3::Py<Self>, _memo: ::pyo3::Bound<'_, ::pyo3::PyAny>) -> ::pyo3::Py<Self> {
                slf
            }
        }

        impl crate::model::Model for $rust {
            fn object(
                py: ::pyo3::Python<'_>,
                shared: crate::model::Shared<Self>,
            ) -> ::pyo3::PyResult<::pyo3::Bound<'_, ::pyo3::PyAny>> {
                $name::made(py, shared)
            }

            fn dict<'py>(
                &self,
                py: ::pyo3::Python<'py>,
            ) -> ::pyo3::PyResult<::pyo3::Bound<'py, ::pyo3::types::PyDict>> {
                use ::pyo3::types::PyDictMethods;
                let dict = ::pyo3::types::PyDict::new(py);
                $(crate::model::model!(@put $access $key $field self py dict);)*
                Ok(dict)
            }
        }
    };

    (@read value $field:ident $slf:ident $py:ident) => {
        crate::values::ToPython::to_python(&$slf.0.get().$field, $py)
    };
    (@read value_view $field:ident $slf:ident $py:ident) => {
        crate::values::ToPython::to_python(&$slf.0.get().$field(), $py)
    };
    (@read aside $field:ident $slf:ident $py:ident) => {
        crate::values::ToPython::to_python(&$slf.0.get().$field(), $py)
    };
    (@read nested $field:ident $slf:ident $py:ident) => {
        crate::model::Nested::objects($py, &$slf.0, |record| Some(&record.$field))
    };
    (@read nested_aside $field:ident $slf:ident $py:ident) => {
        crate::model::Nested::objects($py, &$slf.0, |record| record.$field())
    };

    (@read unknown $field:ident $slf:ident $py:ident) => {
        crate::values::read_only($py, &$slf.0.get().$field)
    };

    (@plain value $field:ident $slf:ident $py:ident) => {
        crate::values::ToPython::to_plain(&$slf.$field, $py)?
    };
    (@plain value_view $field:ident $slf:ident $py:ident) => {
        crate::values::ToPython::to_plain(&$slf.$field(), $py)?
    };
    (@plain nested $field:ident $slf:ident $py:ident) => {
        crate::model::Nested::plain(&$slf.$field, $py)?
    };

    // What is read out of a record is not a property of it.
    (@shown aside $($rest:tt)*) => {};
    (@shown nested_aside $($rest:tt)*) => {};
    (@shown unknown $attribute:literal $field:ident $slf:ident $repr:ident) => {
        $repr.add_unknown(&$slf.get().0.get().$field)
    };
    (@shown $access:ident $attribute:literal $field:ident $slf:ident $repr:ident) => {
        $repr.add($attribute, &$slf.get().$field($slf.py())?)?
    };

    (@put aside $($rest:tt)*) => {};
    (@put nested_aside $($rest:tt)*) => {};
    (@put unknown $key:literal $field:ident $slf:ident $py:ident $dict:ident) => {
        for (name, value) in &$slf.$field {
            $dict.set_item(name, crate::values::ToPython::to_plain(value, $py)?)?;
        }
    };
    (@put $access:ident $key:literal $field:ident $slf:ident $py:ident $dict:ident) => {
        $dict.set_item($key, crate::model::model!(@plain $access $field $slf $py))?
    };
}
pub(crate) use model;
