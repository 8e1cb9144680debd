//! The operations as methods of the Python clients.

use super::schema::{self, Shape, component, description, public_operations, record, shape};
use super::vocabulary::input_name;
use serde_json::Value;
use zendesk_csat_codegen::Error;
use zendesk_csat_codegen::spec::{self, Operation, referenced_schema};

/// One operation: `client.{resource}.{verb}(…)`.
pub(crate) struct Method<'a> {
    pub(crate) operation: &'a str,
    pub(crate) resource: &'a str,
    pub(crate) verb: &'a str,
    pub(crate) page: Option<&'a str>,
    pub(crate) parameters: Vec<Parameter<'a>>,
    pub(crate) record: &'a str,
    pub(crate) is_listing: bool,
}

/// One parameter of a method.
pub(crate) struct Parameter<'a> {
    pub(crate) name: String,
    pub(crate) description: String,
    pub(crate) argument: Argument<'a>,
    pub(crate) place: Place,
}

/// Where a parameter stands in Python, and how Rust takes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Place {
    /// By position in both.
    Position,
    /// By keyword in Python, an argument of the method in Rust.
    RequiredArgument,
    /// By keyword in Python, a setter in Rust.
    RequiredSetter,
    /// By keyword with a default in Python, a setter in Rust.
    Optional,
}

/// What a parameter takes.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Argument<'a> {
    Integer,
    Size,
    Boolean,
    Text,
    Locale,
    Secret,
    Time,
    /// Any text, some of them known.
    OpenEnum(&'a str),
    /// One of a few texts.
    ClosedEnum(&'a str),
    /// A request object, given as a dict.
    Input(&'a str),
    List(Box<Argument<'a>>),
}

/// The body's part of the texts that Rust has a default for.
const LOCALE: &str = "locale";

/// Ids that are text on the wire and numbers to people.
const NUMBERS_SENT_AS_TEXT: [&str; 1] = ["responder_id"];

/// The locale of texts where the caller names none.
pub(crate) const DEFAULT_LOCALE: &str = "en-us";

/// Every operation of the Python clients, by resource and in the order of the design's table.
pub(crate) fn methods(spec: &Value) -> Result<Vec<Method<'_>>, Error> {
    let mut methods = public_operations(spec)
        .iter()
        .map(|operation| method(spec, operation))
        .collect::<Result<Vec<_>, _>>()?;
    methods.sort_by_key(|method| (method.resource, verb_rank(method.verb), method.verb));
    Ok(methods)
}

/// Reading before writing, many before one.
fn verb_rank(verb: &str) -> usize {
    let order = ["list", "export", "export_by_time", "count", "show"];
    order
        .iter()
        .position(|known| *known == verb)
        .unwrap_or(order.len())
}

fn method<'a>(spec: &'a Value, operation: &Operation<'a>) -> Result<Method<'a>, Error> {
    let text = |key| {
        operation
            .text(key)
            .ok_or_else(|| Error::Incomplete(format!("operation {} has no {key}", operation.name())))
    };
    let is_listing = operation.text("x-items").is_some();
    let mut parameters = of_path_and_query(spec, operation)?;
    parameters.extend(of_body(spec, operation)?);
    if is_listing && !parameters.iter().any(|parameter| parameter.name == "cursor") {
        parameters.push(Parameter {
            name: "after".to_owned(),
            description: "Start at the cursor of an earlier page.".to_owned(),
            argument: Argument::Text,
            place: Place::Optional,
        });
    }
    parameters.sort_by_key(|parameter| parameter.place);
    Ok(Method {
        operation: text("operationId")?,
        resource: text("x-resource")?,
        verb: text("x-verb")?,
        page: operation
            .value
            .pointer("/externalDocs/url")
            .and_then(Value::as_str),
        parameters,
        record: record(spec, operation)?,
        is_listing,
    })
}

fn of_path_and_query<'a>(spec: &'a Value, operation: &Operation<'a>) -> Result<Vec<Parameter<'a>>, Error> {
    let mut parameters = Vec::new();
    let declared = operation.parameters(spec);
    let has = |name: &str| {
        declared
            .iter()
            .any(|parameter| parameter.get("name").is_some_and(|known| known == name))
    };
    for parameter in &declared {
        let wire_name = parameter.get("name").and_then(Value::as_str).unwrap_or_default();
        // Listings page by themselves, by cursor and forward; side-loads have no place in a listing.
        let skipped = match wire_name {
            "page" | "page[after]" | "page[before]" | "include" => true,
            "per_page" => has("page[size]"),
            _ => false,
        };
        if skipped {
            continue;
        }
        let in_path = parameter.get("in").is_some_and(|place| place == "path");
        let required = parameter.get("required") == Some(&Value::Bool(true));
        let argument = of_parameter(spec, parameter)?;
        let place = match &argument {
            Argument::Locale => Place::Optional,
            Argument::List(_) if required => Place::Position,
            _ if in_path => Place::Position,
            _ if required => Place::RequiredSetter,
            _ => Place::Optional,
        };
        parameters.push(Parameter {
            name: name(wire_name, operation.path),
            description: description(parameter).to_owned(),
            argument,
            place,
        });
    }
    Ok(parameters)
}

/// The name in Python and in Rust of a parameter on the wire.
fn name(wire_name: &str, path: &str) -> String {
    if path.ends_with(&format!("{{{wire_name}}}")) {
        return "id".to_owned();
    }
    match wire_name {
        "page[size]" | "per_page" => return "page_size".to_owned(),
        _ => {}
    }
    if let Some(name) = wire_name.strip_prefix("filter[") {
        return name.trim_end_matches(']').to_owned();
    }
    if let Some(name) = wire_name.strip_prefix("filter_") {
        return name.trim_end_matches("[]").to_owned();
    }
    let name = wire_name.trim_end_matches("[]").to_lowercase().replace('-', "_");
    name.strip_prefix("x_").map_or(name.clone(), str::to_owned)
}

fn of_parameter<'a>(spec: &'a Value, parameter: &'a Value) -> Result<Argument<'a>, Error> {
    if parameter.get("name").is_some_and(|name| name == LOCALE) {
        return Ok(Argument::Locale);
    }
    if let Some(item) = parameter.get("x-comma-list").and_then(Value::as_str) {
        let item = match component(spec, item) {
            Ok((_, schema)) if schema.get("type").is_some_and(|kind| kind == "integer") => Argument::Integer,
            _ => Argument::Text,
        };
        return Ok(Argument::List(Box::new(item)));
    }
    if parameter.get("x-unit").is_some() {
        return Ok(Argument::Time);
    }
    let schema = parameter.get("schema").unwrap_or(&Value::Null);
    if schema.get("format").is_some_and(|format| format == "int32") {
        return Ok(Argument::Size);
    }
    argument(spec, schema)
}

fn of_body<'a>(spec: &'a Value, operation: &Operation<'a>) -> Result<Vec<Parameter<'a>>, Error> {
    let Some(body) = operation
        .value
        .pointer("/requestBody/content/application~1json/schema")
    else {
        return Ok(Vec::new());
    };
    // Bodies are an envelope around one object.
    let envelope = spec::resolve(spec, body);
    let Some((_, object)) = spec::object(envelope.get("properties")).next() else {
        return Err(Error::Incomplete(format!(
            "operation {}: its body holds nothing",
            operation.name()
        )));
    };
    let object = spec::resolve(spec, object);
    let required: Vec<&str> = object
        .get("required")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    let mut parameters = Vec::new();
    for (name, property) in spec::object(object.get("properties")) {
        // The id stands in the path already.
        if name == "id" {
            continue;
        }
        let argument = match name.as_str() {
            LOCALE => Argument::Locale,
            name if NUMBERS_SENT_AS_TEXT.contains(&name) => Argument::Integer,
            _ => argument(spec, property)?,
        };
        let place = if argument != Argument::Locale && required.contains(&name.as_str()) {
            Place::RequiredArgument
        } else {
            Place::Optional
        };
        parameters.push(Parameter {
            name: name.clone(),
            description: description(property).to_owned(),
            argument,
            place,
        });
    }
    // `required` has the order of the arguments.
    parameters.sort_by_key(|parameter| required.iter().position(|name| *name == parameter.name));
    Ok(parameters)
}

fn argument<'a>(spec: &'a Value, schema: &'a Value) -> Result<Argument<'a>, Error> {
    if let Some(name) = referenced_schema(schema) {
        let (name, component) = component(spec, name)?;
        if component.get("oneOf").is_some() && spec::kind(component).is_none() {
            return Ok(Argument::Input(name));
        }
        if component.get("enum").is_some() && spec::kind(component).is_none() {
            return Ok(Argument::ClosedEnum(name));
        }
    }
    if let Some(items) = schema.get("items") {
        return Ok(Argument::List(Box::new(argument(spec, items)?)));
    }
    Ok(match shape(spec, schema)? {
        Shape::Integer => Argument::Integer,
        Shape::Boolean => Argument::Boolean,
        Shape::Text => Argument::Text,
        Shape::Secret => Argument::Secret,
        Shape::Time => Argument::Time,
        Shape::Enum(name) => Argument::OpenEnum(name),
        other => {
            return Err(Error::Incomplete(format!(
                "no Python argument for {other:?}: {schema}"
            )));
        }
    })
}

impl Argument<'_> {
    /// The type as Python's annotations have it.
    pub(crate) fn annotation(&self) -> String {
        match self {
            Self::Integer | Self::Size => "int".to_owned(),
            Self::Boolean => "bool".to_owned(),
            Self::Text | Self::Locale => "str".to_owned(),
            Self::Secret => "str | Secret".to_owned(),
            Self::Time => "Time".to_owned(),
            Self::OpenEnum(name) => input_name(name),
            Self::ClosedEnum(name) | Self::Input(name) => (*name).to_owned(),
            Self::List(item) => format!("Iterable[{}]", item.annotation()),
        }
    }
}

impl Parameter<'_> {
    /// The parameter with its annotation and default.
    pub(crate) fn declaration(&self) -> String {
        let annotation = self.argument.annotation();
        match (self.place, &self.argument) {
            (Place::Optional, Argument::Locale) => {
                format!("{}: {annotation} = \"{DEFAULT_LOCALE}\"", self.name)
            }
            (Place::Optional, _) => format!("{}: {annotation} | None = None", self.name),
            _ => format!("{}: {annotation}", self.name),
        }
    }
}

impl Method<'_> {
    /// The parameters of the Python method, in order, with the `*` before those by keyword.
    pub(crate) fn declarations(&self) -> Vec<String> {
        let mut declarations = self.call_declarations();
        if self.is_listing {
            if !declarations.iter().any(|declaration| declaration == "*") {
                declarations.push("*".to_owned());
            }
            declarations.push("on_malformed: OnMalformed = \"raise\"".to_owned());
        }
        declarations
    }

    /// The same without what a listing takes besides the operation's own.
    pub(crate) fn call_declarations(&self) -> Vec<String> {
        let mut declarations = vec!["self".to_owned()];
        let mut by_keyword = false;
        for parameter in &self.parameters {
            if parameter.place != Place::Position && !by_keyword {
                declarations.push("*".to_owned());
                by_keyword = true;
            }
            declarations.push(parameter.declaration());
        }
        declarations
    }
}

/// What annotations of parameters name.
pub(crate) fn named_annotations(methods: &[Method<'_>]) -> Vec<String> {
    fn name(argument: &Argument<'_>) -> Option<String> {
        match argument {
            Argument::OpenEnum(_) | Argument::ClosedEnum(_) | Argument::Input(_) => {
                Some(argument.annotation())
            }
            Argument::List(item) => name(item),
            _ => None,
        }
    }
    let parameters = methods.iter().flat_map(|method| &method.parameters);
    let mut names: Vec<_> = parameters
        .filter_map(|parameter| name(&parameter.argument))
        .collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// The schemas that the parameters name.
pub(crate) fn named_arguments<'a>(methods: &[Method<'a>]) -> Vec<&'a str> {
    fn name<'a>(argument: &Argument<'a>) -> Option<&'a str> {
        match argument {
            Argument::OpenEnum(name) | Argument::ClosedEnum(name) | Argument::Input(name) => Some(name),
            Argument::List(item) => name(item),
            _ => None,
        }
    }
    let mut names: Vec<_> = methods
        .iter()
        .flat_map(|method| &method.parameters)
        .filter_map(|parameter| name(&parameter.argument))
        .collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// The description of a resource: what its tag says.
pub(crate) fn resource_description<'a>(spec: &'a Value, resource: &str) -> &'a str {
    spec.get("tags")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .find(|tag| tag.get("name").is_some_and(|name| name == resource))
        .map(schema::description)
        .unwrap_or_default()
}
