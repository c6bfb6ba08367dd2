package dev.sweeprunner.wandb.api;

import java.io.EOFException;
import java.net.SocketException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.util.List;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;

/** Tells a failure of TLS, which stays, from a connection that broke under it, which may pass. */
final class Handshakes {
  private Handshakes() {}

  /** Whether one of these, each the cause of the one before, says that TLS does not work. */
  static boolean failed(List<Throwable> chain) {
    boolean broken =
        chain.stream()
            .anyMatch(link -> link instanceof EOFException || link instanceof SocketException);
    return !broken && chain.stream().anyMatch(Handshakes::isRefusal);
  }

  /** Whether the other side answered in the clear. */
  static boolean metPlainText(List<Throwable> chain) {
    return chain.stream()
        .filter(SSLException.class::isInstance)
        .map(link -> String.valueOf(link.getMessage()))
        .anyMatch(
            text ->
                text.contains("plaintext connection")
                    || text.contains("Unsupported or unrecognized SSL message"));
  }

  /** Why, for people. */
  static String reason(List<Throwable> chain) {
    for (Throwable link : chain) {
      if (link instanceof CertPathValidatorException
          || String.valueOf(link.getMessage()).contains("unable to find valid certification")) {
        return "its certificate comes from an unknown authority";
      }
    }
    for (Throwable link : chain) {
      if (link instanceof CertificateException && link.getMessage() != null) {
        return link.getMessage();
      }
    }
    return String.valueOf(chain.get(chain.size() - 1).getMessage());
  }

  private static boolean isRefusal(Throwable link) {
    return link instanceof SSLHandshakeException
        || link instanceof SSLPeerUnverifiedException
        || link instanceof CertificateException;
  }
}
