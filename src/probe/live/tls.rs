//! TLS, after STARTTLS or at once: the handshake is taken through whatever the certificate says, and what it says
//! is told. Nothing that is secret is ever sent over such a session.

use super::{
    super::{
        NoAnswer,
        session::{Broken, Certificate, Secured, Tls},
    },
    utc_text,
};
use std::{
    io,
    sync::Arc,
    time::{Duration, SystemTime},
};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    time::{Instant, timeout_at},
};
use tokio_rustls::{
    TlsConnector,
    client::TlsStream,
    rustls::{
        AlertDescription, CertificateError, ClientConfig, DigitallySignedStruct, Error,
        ProtocolVersion, RootCertStore, SignatureScheme,
        client::{
            WebPkiServerVerifier,
            danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
        },
        crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature},
        pki_types::{CertificateDer, ServerName, UnixTime},
    },
};
use x509_parser::prelude::{FromDer as _, GeneralName, X509Certificate};

/// The most bytes of a certificate that are read.
const CERTIFICATE_MAX: usize = 64 * 1024;
const DAY_S: i64 = 86_400;

/// The authorities that may vouch for a certificate; by default the public ones.
#[derive(Clone, Debug)]
pub struct Trust(Arc<RootCertStore>);

impl Default for Trust {
    fn default() -> Self {
        let roots = webpki_roots::TLS_SERVER_ROOTS.to_vec();
        Self(Arc::new(RootCertStore { roots }))
    }
}

impl Trust {
    /// One authority and no other, by its certificate in DER.
    ///
    /// # Errors
    /// When it is no certificate.
    pub fn only(authority: &[u8]) -> Result<Self, String> {
        let mut roots = RootCertStore::empty();
        let added = roots.add(CertificateDer::from(authority.to_vec()));
        added.map_err(|error| error.to_string())?;
        Ok(Self(Arc::new(roots)))
    }
}

/// Shakes hands as a client that expects `name`; where that is no name, with none.
///
/// # Errors
/// What became of it instead.
pub async fn handshake<S: AsyncRead + AsyncWrite + Unpin>(
    stream: S,
    name: &str,
    patience: Duration,
    end: Instant,
    trust: &Trust,
) -> Result<(TlsStream<S>, Secured), Tls> {
    let broken = |why: String| Tls::NoHandshake { why, old: false };
    let config = config().map_err(|error| broken(error.to_string()))?;
    let server = ServerName::try_from(name.to_owned())
        .or_else(|_| ServerName::try_from("name.invalid".to_owned()))
        .map_err(|error| broken(error.to_string()))?;
    let until = end.min(Instant::now() + patience);
    let shaking = TlsConnector::from(config).connect(server.clone(), stream);
    let stream = match timeout_at(until, shaking).await {
        Ok(Ok(stream)) => stream,
        Ok(Err(error)) => return Err(failed(&error)),
        Err(_) => return Err(Tls::Broken(Broken::No(NoAnswer::TimedOut))),
    };
    let (_, session) = stream.get_ref();
    let version = match session.protocol_version() {
        Some(ProtocolVersion::TLSv1_2) => "TLS 1.2",
        Some(ProtocolVersion::TLSv1_3) => "TLS 1.3",
        _ => "TLS",
    };
    let chain = session.peer_certificates().unwrap_or_default();
    let certificate = read(chain, &server, trust);
    let secured = Secured {
        version: version.to_owned(),
        certificate,
        hello: Err(Broken::No(NoAnswer::Closed)),
    };
    Ok((stream, secured))
}

/// What a handshake's failure means. A server that is too old for TLS 1.2 sends an alert or just hangs
/// up, so neither tells a fault.
fn failed(error: &io::Error) -> Tls {
    let tls = error.get_ref().and_then(|inner| inner.downcast_ref::<Error>());
    let old = match tls {
        Some(Error::AlertReceived(
            AlertDescription::ProtocolVersion
            | AlertDescription::HandshakeFailure
            | AlertDescription::InsufficientSecurity,
        )) => true,
        Some(Error::PeerIncompatible(_)) => true,
        Some(_) => false,
        None => true,
    };
    let why = match tls {
        Some(error) => error.to_string(),
        None if error.kind() == io::ErrorKind::UnexpectedEof => "the server hung up".to_owned(),
        None => error.to_string(),
    };
    Tls::NoHandshake { why, old }
}

fn config() -> Result<Arc<ClientConfig>, Error> {
    let provider = Arc::new(ring::default_provider());
    let any = AnyCertificate(Arc::clone(&provider));
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(any))
        .with_no_client_auth();
    Ok(Arc::new(config))
}

/// What the first certificate of a chain says, and whether a public authority vouches for it.
fn read(
    chain: &[CertificateDer<'_>],
    server: &ServerName<'_>,
    trust: &Trust,
) -> Result<Certificate, String> {
    let (own, others) = chain.split_first().ok_or("none was sent")?;
    if own.len() > CERTIFICATE_MAX {
        return Err(format!("it is longer than {CERTIFICATE_MAX} bytes"));
    }
    let (_, parsed) = X509Certificate::from_der(own).map_err(|error| error.to_string())?;
    let until = parsed.validity().not_after.timestamp();
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    let now = i64::try_from(now.as_secs()).unwrap_or(i64::MAX);
    Ok(Certificate {
        names: names(&parsed),
        subject: text(&parsed.subject().to_string()),
        issuer: text(&parsed.issuer().to_string()),
        not_after: utc_text(u64::try_from(until).unwrap_or(0)),
        days_left: (until - now).div_euclid(DAY_S),
        distrust: distrust(own, others, server, trust),
    })
}

/// The names of a certificate; its subject's where it has no others.
fn names(certificate: &X509Certificate<'_>) -> Vec<String> {
    let alternative = certificate.subject_alternative_name().ok().flatten();
    let listed = alternative.into_iter().flat_map(|list| list.value.general_names.iter());
    let mut names: Vec<String> = listed
        .filter_map(|name| match name {
            GeneralName::DNSName(name) => Some(text(name).to_ascii_lowercase()),
            _ => None,
        })
        .take(100)
        .collect();
    if names.is_empty() {
        let common = certificate.subject().iter_common_name().filter_map(|name| name.as_str().ok());
        names.extend(common.map(|name| text(name).to_ascii_lowercase()).take(1));
    }
    names
}

fn text(text: &str) -> String {
    super::conversation::clean(text.as_bytes())
}

/// Why no public authority vouches for a chain; whose name it bears is another question, and so is
/// its time.
fn distrust(
    own: &CertificateDer<'_>,
    others: &[CertificateDer<'_>],
    server: &ServerName<'_>,
    trust: &Trust,
) -> Option<String> {
    let (roots, provider) = (Arc::clone(&trust.0), Arc::new(ring::default_provider()));
    let verifier = match WebPkiServerVerifier::builder_with_provider(roots, provider).build() {
        Ok(verifier) => verifier,
        Err(error) => return Some(error.to_string()),
    };
    match verifier.verify_server_cert(own, others, server, &[], UnixTime::now()) {
        Ok(_) => None,
        Err(Error::InvalidCertificate(
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
        )) => None,
        Err(Error::InvalidCertificate(CertificateError::UnknownIssuer)) => {
            Some("its issuer is none of the public authorities".to_owned())
        }
        Err(error) => Some(error.to_string()),
    }
}

/// Takes any certificate, but only a handshake that its key has signed.
#[derive(Debug)]
struct AnyCertificate(Arc<CryptoProvider>);

impl ServerCertVerifier for AnyCertificate {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let supported = &self.0.signature_verification_algorithms;
        verify_tls12_signature(message, certificate, signed, supported)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let supported = &self.0.signature_verification_algorithms;
        verify_tls13_signature(message, certificate, signed, supported)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}
