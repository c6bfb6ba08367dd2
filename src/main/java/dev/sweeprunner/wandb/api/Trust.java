package dev.sweeprunner.wandb.api;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.sweeprunner.problem.UserError;
import dev.sweeprunner.problem.Why;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/** Which certificates are believed: the JVM's authorities and those of the account's PEM files. */
final class Trust {
  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN (?:X509 )?CERTIFICATE-----([^-]*)-----END ");

  private Trust() {}

  /**
   * The context for TLS, empty where the JVM's own will do.
   *
   * @param authorities PEM files, each with one certificate or more, or folders of such files, in
   *     which files of other kinds are passed over
   * @param insecure whether every certificate is believed
   * @throws UserError for a file that is missing or no PEM file
   */
  static Optional<SSLContext> context(List<Path> authorities, boolean insecure) {
    if (!insecure && authorities.isEmpty()) {
      return Optional.empty();
    }
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(
          null,
          insecure ? new TrustManager[] {new TrustAll()} : believing(read(authorities)),
          null);
      return Optional.of(context);
    } catch (GeneralSecurityException | IOException e) {
      throw new UserError("", "TLS cannot be set up: " + Why.at(e), "See --debug", e);
    }
  }

  private static TrustManager[] believing(List<Certificate> more)
      throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    int count = 0;
    for (TrustManager manager : managers(null)) {
      if (manager instanceof X509TrustManager x509) {
        for (X509Certificate known : x509.getAcceptedIssuers()) {
          store.setCertificateEntry("known-" + count++, known);
        }
      }
    }
    for (Certificate certificate : more) {
      store.setCertificateEntry("more-" + count++, certificate);
    }
    return managers(store);
  }

  private static TrustManager[] managers(@Nullable KeyStore store) throws GeneralSecurityException {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return factory.getTrustManagers();
  }

  private static List<Certificate> read(List<Path> authorities) throws CertificateException {
    List<Certificate> all = new ArrayList<>();
    for (Path place : authorities) {
      try {
        if (Files.isDirectory(place)) {
          readFolder(place, all);
        } else {
          List<Certificate> found = certificates(place);
          if (found.isEmpty()) {
            throw noPem(place, "holds no certificate in PEM form", null);
          }
          all.addAll(found);
        }
      } catch (IOException e) {
        throw noPem(place, "cannot be read as certificate authorities", e);
      } catch (CertificateException | IllegalArgumentException e) {
        throw noPem(place, "holds a damaged certificate", e);
      }
    }
    return all;
  }

  private static void readFolder(Path folder, List<Certificate> all) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        try {
          all.addAll(certificates(file));
        } catch (IOException | CertificateException | IllegalArgumentException e) {
          // As for OpenSSL and Go, one bad file of a system's folder does not hide the others.
          continue;
        }
      }
    }
  }

  private static List<Certificate> certificates(Path file)
      throws IOException, CertificateException {
    CertificateFactory factory = CertificateFactory.getInstance("X.509");
    List<Certificate> found = new ArrayList<>();
    Matcher block = BLOCK.matcher(new String(Files.readAllBytes(file), ISO_8859_1));
    while (block.find()) {
      byte[] der = Base64.getMimeDecoder().decode(block.group(1).strip());
      found.add(factory.generateCertificate(new ByteArrayInputStream(der)));
    }
    return found;
  }

  private static UserError noPem(Path place, String what, @Nullable Exception cause) {
    return new UserError(
        place.toString(),
        what,
        "Correct SSL_CERT_FILE, SSL_CERT_DIR, REQUESTS_CA_BUNDLE or CURL_CA_BUNDLE",
        cause);
  }
}
