//! The list of what a release is made of, for tools: CycloneDX, in JSON.

use crate::Result;
use crate::dependencies::{self, Dependency, Package, Shipped};
use serde_json::{Value, json};

/// Of the command and the extension module together; the same every time for the same lock.
pub(crate) fn document(version: &str) -> Result<Value> {
    Ok(of(version, &dependencies::shipped()?))
}

fn of(version: &str, shipped: &Shipped) -> Value {
    let own = address("zendesk-csat-cli", version);
    let addresses = |packages: &[Package]| -> Vec<_> {
        packages
            .iter()
            .map(|(name, version)| address(name, version))
            .collect()
    };
    let mut graph = vec![json!({"ref": own, "dependsOn": addresses(&shipped.first)})];
    graph.extend(shipped.dependencies.iter().map(|dependency| {
        json!({
            "ref": address(&dependency.name, &dependency.version),
            "dependsOn": addresses(&dependency.needs),
        })
    }));
    json!({
        "$schema": "http://cyclonedx.org/schema/bom-1.5.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": own,
                "name": "zendesk-csat",
                "version": version,
                "purl": own,
                "licenses": [{"expression": "MIT OR Apache-2.0"}],
            },
        },
        "components": shipped.dependencies.iter().map(component).collect::<Vec<_>>(),
        "dependencies": graph,
    })
}

fn component(dependency: &Dependency) -> Value {
    let address = address(&dependency.name, &dependency.version);
    let mut component = json!({
        "type": "library",
        "bom-ref": address,
        "name": dependency.name,
        "version": dependency.version,
        "purl": address,
        // An old way to write a choice.
        "licenses": [{"expression": dependency.license.replace('/', " OR ")}],
    });
    if let Some(description) = &dependency.description {
        component["description"] = json!(description);
    }
    if let Some(checksum) = &dependency.checksum {
        component["hashes"] = json!([{"alg": "SHA-256", "content": checksum}]);
    }
    if let Some(repository) = &dependency.repository {
        component["externalReferences"] = json!([{"type": "vcs", "url": repository}]);
    }
    component
}

fn address(name: &str, version: &str) -> String {
    // Build metadata's plus is written out in such an address.
    format!("pkg:cargo/{name}@{}", version.replace('+', "%2B"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dependency(name: &str, needs: &[&str]) -> Dependency {
        Dependency {
            name: name.to_owned(),
            version: "1.0.0+x".to_owned(),
            license: "MIT/Apache-2.0".to_owned(),
            description: None,
            repository: None,
            folder: std::path::PathBuf::new(),
            checksum: Some("aa".to_owned()),
            needs: needs
                .iter()
                .map(|name| ((*name).to_owned(), "1.0.0+x".to_owned()))
                .collect(),
        }
    }

    #[test]
    fn every_crate_is_a_component_and_no_folder_is_named() {
        let shipped = Shipped {
            dependencies: vec![dependency("a", &["b"]), dependency("b", &[])],
            first: vec![("a".to_owned(), "1.0.0+x".to_owned())],
        };
        let document = of("0.1.0", &shipped);
        assert_eq!(document["components"][1]["purl"], "pkg:cargo/b@1.0.0%2Bx");
        assert_eq!(
            document["components"][0]["licenses"][0]["expression"],
            "MIT OR Apache-2.0"
        );
        assert_eq!(
            document["dependencies"][0],
            json!({"ref": "pkg:cargo/zendesk-csat-cli@0.1.0", "dependsOn": ["pkg:cargo/a@1.0.0%2Bx"]})
        );
        assert_eq!(
            document["dependencies"][1]["dependsOn"][0],
            "pkg:cargo/b@1.0.0%2Bx"
        );
    }
}
