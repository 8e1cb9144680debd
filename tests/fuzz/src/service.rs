//! A service on this machine that answers what the case says, in the same thread: nothing of it depends on who is faster.

use std::io;
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// What was asked.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    /// Path and query, as they were sent.
    pub(crate) target: String,
    pub(crate) host: String,
}

impl Request {
    pub(crate) fn path(&self) -> &str {
        self.target.split('?').next().unwrap_or_default()
    }

    /// The value of the first of these parameters that the query has.
    pub(crate) fn parameter(&self, names: &[&str]) -> Option<String> {
        let (_, query) = self.target.split_once('?')?;
        let read = |text: &str| {
            let text = text.replace('+', " ");
            percent_encoding::percent_decode_str(&text)
                .decode_utf8_lossy()
                .into_owned()
        };
        let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        let mut pairs = pairs.map(|(name, value)| (read(name), read(value)));
        pairs
            .find(|(name, _)| names.contains(&name.as_str()))
            .map(|(_, value)| value)
    }
}

/// How the bytes of a body reach the other side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sent {
    Whole,
    InChunks,
    /// The connection ends before what was announced has come.
    BrokenOff,
    /// The same, in chunks.
    ChunksBrokenOff,
}

/// What comes back.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: Vec<u8>,
    pub(crate) sent: Sent,
    /// Whether the case changed it: only such bodies are counted.
    pub(crate) is_hostile: bool,
}

impl Answer {
    pub(crate) fn json(body: impl Into<Vec<u8>>) -> Self {
        Self {
            status: 200,
            headers: vec![("content-type", "application/json".into())],
            body: body.into(),
            sent: Sent::Whole,
            is_hostile: true,
        }
    }

    pub(crate) fn sound(self) -> Self {
        Self {
            is_hostile: false,
            ..self
        }
    }

    pub(crate) fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.retain(|(known, _)| *known != name);
        self.headers.push((name, value.into()));
        self
    }

    fn bytes(&self) -> Vec<u8> {
        let mut bytes = format!("HTTP/1.1 {} -\r\n", self.status).into_bytes();
        for (name, value) in &self.headers {
            bytes.extend(format!("{name}: {value}\r\n").bytes());
        }
        match self.sent {
            Sent::Whole | Sent::BrokenOff => {
                let missing = usize::from(self.sent == Sent::BrokenOff) * 9;
                bytes.extend(format!("content-length: {}\r\n\r\n", self.body.len() + missing).bytes());
                bytes.extend(&self.body);
            }
            Sent::InChunks | Sent::ChunksBrokenOff => {
                bytes.extend(b"transfer-encoding: chunked\r\n\r\n");
                for chunk in self.body.chunks(1_000) {
                    bytes.extend(format!("{:x}\r\n", chunk.len()).bytes());
                    bytes.extend(chunk);
                    bytes.extend(b"\r\n");
                }
                if self.sent == Sent::InChunks {
                    bytes.extend(b"0\r\n\r\n");
                }
            }
        }
        bytes
    }

    fn ends_the_connection(&self) -> bool {
        matches!(self.sent, Sent::BrokenOff | Sent::ChunksBrokenOff)
    }
}

/// What a case answers.
pub(crate) type Rule = Box<dyn FnMut(&Request) -> Answer + Send>;

#[derive(Default)]
struct Script {
    rule: Option<Rule>,
    requests: Vec<Request>,
    bodies: u64,
    foreign: u64,
}

/// The service, and another one that nobody may ever ask.
#[derive(Clone)]
pub(crate) struct Service {
    /// Its host and port.
    pub(crate) host: String,
    /// Those of the other.
    pub(crate) foreign_host: String,
    script: Arc<Mutex<Script>>,
}

impl Service {
    pub(crate) async fn start() -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let foreign = TcpListener::bind("127.0.0.1:0").await?;
        let script = Arc::new(Mutex::new(Script::default()));
        let service = Self {
            host: listener.local_addr()?.to_string(),
            foreign_host: foreign.local_addr()?.to_string(),
            script: Arc::clone(&script),
        };
        let of_foreign = Arc::clone(&script);
        tokio::spawn(async move {
            while foreign.accept().await.is_ok() {
                of_foreign.lock().unwrap().foreign += 1;
            }
        });
        tokio::spawn(async move {
            while let Ok((connection, _)) = listener.accept().await {
                tokio::spawn(answer_all(connection, Arc::clone(&script)));
            }
        });
        Ok(service)
    }

    /// From now on answers go by this rule.
    pub(crate) fn answer(&self, rule: impl FnMut(&Request) -> Answer + Send + 'static) {
        let mut script = self.script.lock().unwrap();
        script.rule = Some(Box::new(rule));
        script.requests.clear();
    }

    /// What was asked since the rule was given.
    pub(crate) fn requests(&self) -> Vec<Request> {
        self.script.lock().unwrap().requests.clone()
    }

    /// Hostile bodies that were sent, all told.
    pub(crate) fn bodies(&self) -> u64 {
        self.script.lock().unwrap().bodies
    }

    /// That nobody was sent elsewhere, whatever the answers said.
    pub(crate) fn check_hosts(&self) -> Result<(), String> {
        let mut script = self.script.lock().unwrap();
        if std::mem::take(&mut script.foreign) > 0 {
            return Err("a request went to another host".into());
        }
        match script.requests.iter().find(|request| request.host != self.host) {
            Some(request) => Err(format!("a request was meant for {}", request.host)),
            None => Ok(()),
        }
    }
}

async fn answer_all(connection: TcpStream, script: Arc<Mutex<Script>>) -> io::Result<()> {
    connection.set_nodelay(true)?;
    let mut connection = BufReader::new(connection);
    while let Some(request) = read(&mut connection).await? {
        let answer = {
            let mut script = script.lock().unwrap();
            let answer = match &mut script.rule {
                Some(rule) => rule(&request),
                None => Answer::json("{}"),
            };
            script.bodies += u64::from(answer.is_hostile);
            script.requests.push(request);
            answer
        };
        connection.write_all(&answer.bytes()).await?;
        if answer.ends_the_connection() {
            break;
        }
    }
    Ok(())
}

/// The next request, its body read and forgotten; none where the other side has gone.
async fn read(connection: &mut BufReader<TcpStream>) -> io::Result<Option<Request>> {
    let mut line = String::new();
    if connection.read_line(&mut line).await? == 0 {
        return Ok(None);
    }
    let target = line.split(' ').nth(1).unwrap_or_default().to_owned();
    let (mut host, mut length) = (String::new(), 0);
    loop {
        line.clear();
        connection.read_line(&mut line).await?;
        let Some((name, value)) = line.split_once(':') else {
            break;
        };
        match name.to_ascii_lowercase().as_str() {
            "host" => value.trim().clone_into(&mut host),
            "content-length" => length = value.trim().parse().unwrap_or(0),
            _ => {}
        }
    }
    let mut body = vec![0; length];
    connection.read_exact(&mut body).await?;
    Ok(Some(Request { target, host }))
}
