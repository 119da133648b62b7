//! `breachline serve`: the index for colleagues, over HTTP.

use std::net::SocketAddr;
use std::path::PathBuf;

use tokio::net::TcpListener;

use super::console::Console;
use super::failure::{Exit, Failure};
use super::places::Places;
use super::stop::Stop;
use super::token;
use crate::serve::{self, Access, Service};
use crate::store::Reader;

/// Serve the timeline to colleagues, to be read
///
/// The page at /, a feed at /feed.atom, and a JSON interface at /api/v1, described by /api/v1/openapi.json: the same searches, incidents,
/// counts and exports as on the command line, with the saved queries of sources.toml. Nothing can be written. It shows what the nightly job
/// adds as soon as that is done. Colleagues may look at it in a browser, or in their terminal (`breachline browse --remote URL`). It speaks
/// plain HTTP: what leaves this machine belongs behind a proxy that adds TLS.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  breachline serve                                         for this machine: http://127.0.0.1:8787/
  breachline serve --listen 0.0.0.0:8787 --token-file t    for others, who show the token
  curl -H \"Authorization: Bearer $(cat t)\" 'http://desk:8787/api/v1/incidents?q=kind:ransomware'")]
pub(super) struct Args {
    /// The address and port to listen on; port 0 is any free one
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8787")]
    listen: SocketAddr,
    /// A file that holds the token which everybody must show; needed where others than this machine can ask
    #[arg(long, value_name = "FILE", env = "BREACHLINE_TOKEN_FILE", hide_env_values = true)]
    token_file: Option<PathBuf>,
    /// A further name under which it may be asked without a token, such as that of a proxy
    #[arg(long, value_name = "NAME")]
    host: Vec<String>,
    /// Requests that one address may make in a minute
    #[arg(long, value_name = "N", default_value_t = 600, value_parser = clap::value_parser!(u32).range(1..))]
    rate: u32,
}

pub(super) fn run(args: &Args, places: &Places, console: &mut Console) -> Result<Exit, Failure> {
    let token = args.token_file.as_deref().map(|file| token::read(file, token::MADE)).transpose()?;
    if token.is_none() && !args.listen.ip().is_loopback() {
        return Err(Failure::usage(format!("{} can be reached from other machines, and nobody would need a token", args.listen))
            .hint("say --token-file FILE, or listen on 127.0.0.1"));
    }
    let reader = Reader::open(&places.index()?)?;
    let saved = places.config_if_any()?.queries;
    let access = Access { token, hosts: args.host.clone(), rate: args.rate };
    let service = Service { reader, saved, now: console.now, access };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.map_err(|error| Failure::new("no threads can be started").because(&error))?;
    let stop = Stop::listen(|| ())?;
    runtime.block_on(async {
        let deaf = |error: &dyn std::error::Error| {
            Failure::new(format!("it is not possible to listen on {}", args.listen)).because(error).hint("say another --listen")
        };
        let listener = TcpListener::bind(args.listen).await.map_err(|error| deaf(&error))?;
        let here = listener.local_addr().map_err(|error| deaf(&error))?;
        console.say(format!("http://{here}/"))?;
        console.out.flush()?;
        tokio::select! {
            ended = serve::serve(listener, service) => ended.map(|()| Exit::Well).map_err(|error| deaf(&error)),
            () = stop.wait() => Ok(Exit::Well),
        }
    })
}
