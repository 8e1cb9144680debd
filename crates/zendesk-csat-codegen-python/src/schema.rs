//! The shapes of the response schemas as Python sees them.

use serde_json::Value;
use std::collections::BTreeSet;
use zendesk_csat_codegen::Error;
use zendesk_csat_codegen::spec::{self, kind, referenced_schema};

/// A response schema that becomes a class.
pub(crate) struct Model<'a> {
    pub(crate) name: &'a str,
    pub(crate) description: &'a str,
    pub(crate) page: Option<&'a str>,
    pub(crate) fields: Vec<Field<'a>>,
    /// Whether a record of it leads to a secret.
    pub(crate) secret: bool,
}

/// A property, or what the SDK reads out of a record.
pub(crate) struct Field<'a> {
    pub(crate) name: &'a str,
    pub(crate) description: String,
    pub(crate) shape: Shape<'a>,
    pub(crate) optional: bool,
    pub(crate) source: Source,
}

/// Where the value of an attribute is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Source {
    /// In a field of the Rust type.
    Field,
    /// In a field, and better read by a method of the Rust type.
    Method,
    /// A method of the Rust type finds it; it is no property of the record.
    Aside,
}

/// What a property holds.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Shape<'a> {
    Integer,
    Number,
    Boolean,
    Text,
    Time,
    Secret,
    Enum(&'a str),
    Model(&'a str),
    /// One kind of a model.
    Kind(&'a str, &'a str),
    List(Box<Shape<'a>>),
    Object,
    Any,
    /// What has no attribute of its own.
    Extra,
}

/// What the SDK's views of a record add to its properties, or put in the place of one.
const VIEWS: [(&str, &str, Shape<'static>, &str); 6] = [
    (
        "SurveyResponse",
        "csat_answer",
        Shape::Kind("Answer", "RatingScaleAnswer"),
        "The answer that counts for CSAT; none where the customer gave none.",
    ),
    (
        "SurveyResponse",
        "ticket_id",
        Shape::Integer,
        "The ticket that the survey is about; none where it is about a conversation only.",
    ),
    (
        "SurveyResponse",
        "sent_at",
        Shape::Time,
        "When the survey was sent: the time in its id; where that is no ULID, 28 days before it expires.",
    ),
    (
        "SurveyResponse",
        "answered_at",
        Shape::Time,
        "When the rating that counts was given, or changed last; none while there is none.",
    ),
    (
        "SurveyResponse",
        "survey_id",
        Shape::Text,
        "The survey that was sent, in either shape of the record.",
    ),
    (
        "SurveyResponse",
        "survey_version",
        Shape::Integer,
        "The version of the survey that was sent, in either shape of the record.",
    ),
];

/// The property that keeps what the spec does not know of a record.
pub(crate) const EXTRA: &str = "extra";

/// Every schema that a record of the Python surface reaches, in alphabetical order.
pub(crate) fn models(spec: &Value) -> Result<Vec<Model<'_>>, Error> {
    let mut names = BTreeSet::new();
    let mut open: Vec<&str> = Vec::new();
    for operation in public_operations(spec) {
        open.push(record(spec, &operation)?);
    }
    while let Some(name) = open.pop() {
        let (name, schema) = component(spec, name)?;
        if names.insert(name) {
            for (_, property) in spec::object(schema.get("properties")) {
                open.extend(shape(spec, property)?.model());
            }
        }
    }
    let mut models = names
        .iter()
        .map(|name| model(spec, name))
        .collect::<Result<Vec<_>, _>>()?;
    mark_secrets(&mut models);
    Ok(models)
}

/// The operations with a place in the Python clients. Tokens are the credentials' business.
pub(crate) fn public_operations(spec: &Value) -> Vec<spec::Operation<'_>> {
    let mut operations = spec::operations(spec);
    operations.retain(|operation| operation.text("x-resource").is_some_and(|name| name != "oauth"));
    operations
}

/// The name of the schema of one record of the operation's answer.
pub(crate) fn record<'a>(spec: &'a Value, operation: &spec::Operation<'a>) -> Result<&'a str, Error> {
    let incomplete = |what: &str| Error::Incomplete(format!("operation {}: {what}", operation.name()));
    let envelope = operation
        .envelope(spec)
        .ok_or_else(|| incomplete("its success has no schema"))?;
    let holder = operation
        .holder(spec)
        .ok_or_else(|| incomplete("its envelope requires nothing"))?;
    envelope
        .get("properties")
        .and_then(|properties| properties.get(holder))
        .map(|property| shape(spec, property))
        .transpose()?
        .and_then(|shape| shape.model())
        .ok_or_else(|| incomplete("its envelope holds no record"))
}

fn model<'a>(spec: &'a Value, name: &'a str) -> Result<Model<'a>, Error> {
    let (name, schema) = component(spec, name)?;
    let views = VIEWS.into_iter().filter(|(of, ..)| *of == name);
    let mut fields: Vec<_> = views
        .map(|(_, name, shape, description)| Field {
            name,
            description: description.to_owned(),
            shape,
            optional: true,
            source: if has_property(schema, name) {
                Source::Method
            } else {
                Source::Aside
            },
        })
        .collect();
    let required: Vec<&str> = schema
        .get("required")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    for (property, value) in spec::object(schema.get("properties")) {
        if fields.iter().any(|field| field.name == property) {
            continue;
        }
        fields.push(Field {
            name: property,
            description: description(value).to_owned(),
            shape: shape(spec, value)?,
            optional: !required.contains(&property.as_str()),
            source: Source::Field,
        });
    }
    if spec::keeps_unknown(schema) {
        fields.push(Field {
            name: EXTRA,
            description: "What came and has no attribute of its own, by its name in the API.".to_owned(),
            shape: Shape::Extra,
            optional: false,
            source: Source::Field,
        });
    }
    // What a record is known by stands first.
    fields.sort_by_key(|field| {
        (
            field.name != "id",
            field.name != "type",
            field.name == EXTRA,
            field.name,
        )
    });
    Ok(Model {
        name,
        description: description(schema),
        page: schema.pointer("/externalDocs/url").and_then(Value::as_str),
        fields,
        secret: false,
    })
}

fn has_property(schema: &Value, name: &str) -> bool {
    schema
        .get("properties")
        .is_some_and(|properties| properties.get(name).is_some())
}

fn mark_secrets(models: &mut [Model<'_>]) {
    let mut secret: BTreeSet<String> = BTreeSet::new();
    loop {
        let before = secret.len();
        for model in &*models {
            let leads = model.fields.iter().any(|field| match field.shape.model() {
                Some(name) => secret.contains(name),
                None => field.shape == Shape::Secret,
            });
            if leads {
                secret.insert(model.name.to_owned());
            }
        }
        if secret.len() == before {
            break;
        }
    }
    for model in models {
        model.secret = secret.contains(model.name);
    }
}

/// The shape of a property or parameter.
pub(crate) fn shape<'a>(spec: &'a Value, property: &'a Value) -> Result<Shape<'a>, Error> {
    if property.get("x-secret").is_some() {
        return Ok(Shape::Secret);
    }
    if let Some(name) = referenced_schema(property) {
        let (name, schema) = component(spec, name)?;
        return Ok(match kind(schema) {
            Some("open-enum") => Shape::Enum(name),
            Some("one-or-many") => match schema.pointer("/oneOf/0") {
                Some(one) => shape(spec, one)?,
                None => Shape::Any,
            },
            Some("id") if schema.get("x-rust-type").is_some() => Shape::Integer,
            _ if schema.get("properties").is_some() => Shape::Model(name),
            _ if schema.get("enum").is_some() => Shape::Enum(name),
            _ => plain(spec, schema)?,
        });
    }
    plain(spec, property)
}

fn plain<'a>(spec: &'a Value, schema: &'a Value) -> Result<Shape<'a>, Error> {
    let format = schema.get("format").and_then(Value::as_str);
    Ok(match schema.get("type").and_then(Value::as_str) {
        Some("integer") => Shape::Integer,
        Some("number") => Shape::Number,
        Some("boolean") => Shape::Boolean,
        Some("string") if format == Some("date-time") => Shape::Time,
        Some("string") => Shape::Text,
        Some("array") => match schema.get("items") {
            Some(items) => Shape::List(Box::new(shape(spec, items)?)),
            None => Shape::List(Box::new(Shape::Any)),
        },
        Some("object") => Shape::Object,
        _ => Shape::Any,
    })
}

pub(crate) fn component<'a>(spec: &'a Value, name: &str) -> Result<(&'a str, &'a Value), Error> {
    spec::schemas(spec)
        .find(|(known, _)| *known == name)
        .map(|(name, schema)| (name.as_str(), schema))
        .ok_or_else(|| Error::Incomplete(format!("there is no schema {name}")))
}

pub(crate) fn description(value: &Value) -> &str {
    value
        .get("description")
        .and_then(Value::as_str)
        .unwrap_or_default()
        .trim()
}

impl<'a> Shape<'a> {
    /// The model that it holds, one or many.
    pub(crate) fn model(&self) -> Option<&'a str> {
        match self {
            Self::Model(name) | Self::Kind(name, _) => Some(name),
            Self::List(item) => item.model(),
            _ => None,
        }
    }

    /// The type as Python's annotations have it.
    pub(crate) fn annotation(&self) -> String {
        match self {
            Self::Integer => "int".to_owned(),
            Self::Number => "float".to_owned(),
            Self::Boolean => "bool".to_owned(),
            Self::Text => "str".to_owned(),
            Self::Time => "datetime".to_owned(),
            Self::Secret => "Secret".to_owned(),
            Self::Enum(name) | Self::Model(name) | Self::Kind(_, name) => (*name).to_owned(),
            Self::List(item) => format!("list[{}]", item.annotation()),
            Self::Object => "dict[str, Any]".to_owned(),
            Self::Any => "Any".to_owned(),
            Self::Extra => "Mapping[str, Any]".to_owned(),
        }
    }
}
