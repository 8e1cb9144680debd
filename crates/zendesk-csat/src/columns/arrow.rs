//! Columns as Arrow arrays.

use super::buffers::{Integers, TextLists, Texts, Times, Validity};
use arrow_array::{ArrayRef, Int64Array, ListArray, StringArray, TimestampMillisecondArray};
use arrow_buffer::{BooleanBuffer, Buffer, NullBuffer, OffsetBuffer, ScalarBuffer};
use arrow_schema::{ArrowError, DataType, Field, FieldRef, TimeUnit};
use std::sync::Arc;

const UTC: &str = "UTC";

/// A buffer that becomes an array without a copy.
pub(super) trait IntoArray {
    fn data_type() -> DataType;
    fn into_array(self) -> Result<ArrayRef, ArrowError>;
}

fn nulls(validity: Validity) -> Option<NullBuffer> {
    let bits = BooleanBuffer::new(Buffer::from_vec(validity.bits), 0, validity.len);
    Some(NullBuffer::new(bits)).filter(|nulls| nulls.null_count() > 0)
}

impl IntoArray for Integers {
    fn data_type() -> DataType {
        DataType::Int64
    }

    fn into_array(self) -> Result<ArrayRef, ArrowError> {
        let array = Int64Array::try_new(ScalarBuffer::from(self.values), nulls(self.validity))?;
        Ok(Arc::new(array))
    }
}

impl IntoArray for Times {
    fn data_type() -> DataType {
        DataType::Timestamp(TimeUnit::Millisecond, Some(UTC.into()))
    }

    fn into_array(self) -> Result<ArrayRef, ArrowError> {
        let Integers { values, validity } = self.0;
        let array = TimestampMillisecondArray::try_new(ScalarBuffer::from(values), nulls(validity))?;
        Ok(Arc::new(array.with_timezone(UTC)))
    }
}

impl IntoArray for TextLists {
    fn data_type() -> DataType {
        DataType::List(item())
    }

    fn into_array(self) -> Result<ArrayRef, ArrowError> {
        let offsets = OffsetBuffer::new(ScalarBuffer::from(self.ends));
        let texts = self.texts.into_array()?;
        Ok(Arc::new(ListArray::try_new(
            item(),
            offsets,
            texts,
            nulls(self.validity),
        )?))
    }
}

/// A text of a list is never missing.
fn item() -> FieldRef {
    Arc::new(Field::new("item", DataType::Utf8, false))
}

impl IntoArray for Texts {
    fn data_type() -> DataType {
        DataType::Utf8
    }

    fn into_array(self) -> Result<ArrayRef, ArrowError> {
        let offsets = OffsetBuffer::new(ScalarBuffer::from(self.ends));
        let text = Buffer::from_vec(self.text.into_bytes());
        Ok(Arc::new(StringArray::try_new(
            offsets,
            text,
            nulls(self.validity),
        )?))
    }
}
