package dev.sweeprunner.wandb.api;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** A certificate of its own making, for servers on this machine. */
record Authority(SSLContext context, Certificate certificate) {
  private static final char[] PASSWORD = "changeit".toCharArray();

  /** Makes a key pair for {@code host} by the JDK's own tool. */
  static Authority of(String host, Path folder)
      throws IOException, InterruptedException, GeneralSecurityException {
    Path store = folder.resolve(host + ".p12");
    Path tool = Path.of(System.getProperty("java.home"), "bin", "keytool");
    List<String> words =
        List.of(
            tool.toString(),
            "-genkeypair",
            "-alias",
            "a",
            "-keyalg",
            "EC",
            "-validity",
            "30",
            "-dname",
            "CN=" + host,
            "-ext",
            "san=dns:" + host,
            "-storetype",
            "PKCS12",
            "-keystore",
            store.toString(),
            "-storepass",
            "changeit");
    if (new ProcessBuilder(words).inheritIO().start().waitFor() != 0) {
      throw new IOException("keytool failed");
    }
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD);
    }
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(keys, PASSWORD);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    return new Authority(context, keys.getCertificate("a"));
  }

  /** Its certificate as a PEM file's content. */
  String pem() throws GeneralSecurityException {
    String body = Base64.getMimeEncoder().encodeToString(certificate.getEncoded());
    return "-----BEGIN CERTIFICATE-----\n" + body + "\n-----END CERTIFICATE-----\n";
  }
}
