//! The one declaration of a kind of record: its columns serve rows, lookup by name and Arrow.

/// Declares the columns of a record, and the row that is a view of them.
///
/// Each column is `name: Buffer => type of the row's value`; the first is the id, which is never missing.
macro_rules! columns {
    (
        $(#[$doc:meta])* $name:ident;
        $(#[$row_doc:meta])* $row:ident;
        $(#[$id_doc:meta])* id: $id_buffer:ident => $id_type:ty;
        $($(#[$column_doc:meta])* $column:ident: $buffer:ident => $type:ty;)+
    ) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Default, PartialEq)]
        #[non_exhaustive]
        pub struct $name {
            $(#[$id_doc])*
            pub id: $crate::columns::$id_buffer,
            $($(#[$column_doc])* pub $column: $crate::columns::$buffer,)+
        }

        $(#[$row_doc])*
        #[derive(Debug, Clone, Copy)]
        pub struct $row<'a> {
            columns: &'a $name,
            row: usize,
        }

        impl<'a> $row<'a> {
            $(#[$id_doc])*
            pub fn id(self) -> $id_type {
                // Records without an id are kept apart when they are read.
                self.columns.id.get(self.row).unwrap_or_default().into()
            }

            $($(#[$column_doc])* pub fn $column(self) -> Option<$type> {
                self.columns.$column.get(self.row).map(Into::into)
            })+
        }

        impl $crate::columns::Columns for $name {
            type Row<'a> = $row<'a>;

            const NAMES: &'static [&'static str] = &["id", $(stringify!($column)),+];

            fn len(&self) -> usize {
                $crate::columns::buffers::Buffer::count(&self.id)
            }

            fn row(&self, row: usize) -> Option<$row<'_>> {
                (row < $crate::columns::Columns::len(self)).then_some($row { columns: self, row })
            }

            fn column(&self, name: &str) -> Option<$crate::columns::Column<'_>> {
                Some(match name {
                    "id" => $crate::columns::Column::$id_buffer(&self.id),
                    $(stringify!($column) => $crate::columns::Column::$buffer(&self.$column),)+
                    _ => return None,
                })
            }

            #[cfg(feature = "arrow")]
            fn into_record_batch(self) -> Result<::arrow_array::RecordBatch, ::arrow_schema::ArrowError> {
                use $crate::columns::arrow::IntoArray;
                let arrays = vec![self.id.into_array()?, $(self.$column.into_array()?),+];
                ::arrow_array::RecordBatch::try_new(<Self as $crate::columns::Columns>::schema(), arrays)
            }

            #[cfg(feature = "arrow")]
            fn schema() -> ::arrow_schema::SchemaRef {
                use $crate::columns::arrow::IntoArray;
                ::std::sync::Arc::new(::arrow_schema::Schema::new(vec![
                    ::arrow_schema::Field::new("id", $crate::columns::$id_buffer::data_type(), false),
                    $(::arrow_schema::Field::new(
                        stringify!($column),
                        $crate::columns::$buffer::data_type(),
                        true,
                    )),+
                ]))
            }
        }

        impl $name {
            /// Fills up the row whose properties were read, so that all columns are of one length.
            fn end_row(&mut self) {
                use $crate::columns::buffers::Buffer;
                let rows = self.id.count();
                $(if self.$column.count() < rows {
                    self.$column.push_null();
                })+
            }

            fn keep_rows(&mut self, rows: usize) {
                use $crate::columns::buffers::Buffer;
                self.id.truncate(rows);
                $(self.$column.truncate(rows);)+
            }
        }
    };
}
pub(crate) use columns;

/// Reads records whose columns are properties of the same name, or texts within such a property.
macro_rules! read_by_name {
    ($name:ident { $($column:ident)+ } $({ $($outer:ident . $inner:ident)+ })?) => {
        impl $crate::decode::sink::Sink for $name {
            fn count(&self) -> usize {
                $crate::columns::Columns::len(self)
            }

            fn truncate(&mut self, count: usize) {
                self.keep_rows(count);
            }

            fn push<'de, D: ::serde::Deserializer<'de>>(&mut self, record: D) -> Result<(), D::Error> {
                #[derive(::serde::Deserialize)]
                #[serde(field_identifier)]
                #[allow(non_camel_case_types)]
                enum Property {
                    id,
                    $($column,)+
                    $($($outer,)+)?
                    #[serde(other)]
                    Other,
                }
                struct Record<'c>(&'c mut $name);

                impl<'de> ::serde::de::Visitor<'de> for Record<'_> {
                    type Value = ();

                    fn expecting(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                        f.write_str("an object")
                    }

                    fn visit_map<A: ::serde::de::MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
                        use $crate::columns::buffers::Buffer;
                        use $crate::columns::read::{Into, Required};
                        use ::serde::de::Error;
                        let rows = self.0.id.count();
                        while let Some(property) = map.next_key()? {
                            match property {
                                Property::id if self.0.id.count() == rows => {
                                    map.next_value_seed(Required(&mut self.0.id))?;
                                }
                                Property::id => return Err(A::Error::duplicate_field("id")),
                                $(Property::$column => {
                                    if self.0.$column.count() > rows {
                                        return Err(A::Error::duplicate_field(stringify!($column)));
                                    }
                                    map.next_value_seed(Into(&mut self.0.$column))?;
                                })+
                                $($(Property::$outer => {
                                    if self.0.$outer.count() > rows {
                                        return Err(A::Error::duplicate_field(stringify!($outer)));
                                    }
                                    map.next_value_seed($crate::columns::read::Within(
                                        stringify!($inner),
                                        &mut self.0.$outer,
                                    ))?;
                                })+)?
                                Property::Other => {
                                    map.next_value::<::serde::de::IgnoredAny>()?;
                                }
                            }
                        }
                        if self.0.id.count() == rows {
                            return Err(A::Error::missing_field("id"));
                        }
                        self.0.end_row();
                        Ok(())
                    }
                }
                record.deserialize_map(Record(self))
            }
        }
    };
}
pub(crate) use read_by_name;
