package dev.sweeprunner.host;

import dev.sweeprunner.run.Secrets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A git diff without secrets: files that are named like files of secrets are left out whole, lines
 * that look like secrets in part. What was left out is said in the diff itself.
 */
final class PublicDiff {
  private static final Pattern SECRET_FILE =
      Pattern.compile(
          "(?i)\\.env.*|.+\\.env|.*\\.(pem|key|p12|pfx|jks|keystore|kdbx)|id_(rsa|dsa|ecdsa|ed25519).*"
              + "|[._]netrc|\\.pypirc|\\.npmrc|\\.?(git-)?credentials.*|secrets?\\..*|\\.secrets?.*");

  private static final Pattern SEPARATOR = Pattern.compile("[/\\s\"]+");
  private static final Pattern KEY_BEGINS = Pattern.compile("-----BEGIN [A-Z0-9 ]*PRIVATE KEY");
  private static final Pattern KEY_ENDS = Pattern.compile("-----END [A-Z0-9 ]*PRIVATE KEY");

  private final List<String> kept = new ArrayList<>();
  private boolean inSecretFile;
  private boolean inKey;
  private int lines;
  private int filesLeftOut;

  private PublicDiff() {}

  /** What may be written down of a diff. */
  static String of(String diff) {
    var shown = new PublicDiff();
    for (String line : diff.split("\n", -1)) {
      shown.take(line);
    }
    return shown.text();
  }

  private void take(String line) {
    if (line.startsWith("diff ")) {
      file(line);
    } else if (!inSecretFile) {
      inFile(line);
    }
  }

  private void file(String header) {
    inKey = false;
    inSecretFile =
        SEPARATOR
            .splitAsStream(header.substring("diff ".length()))
            .anyMatch(name -> SECRET_FILE.matcher(name).matches());
    kept.add(header);
    if (inSecretFile) {
      filesLeftOut++;
      kept.add("# left out: by its name this file holds secrets");
    }
  }

  private void inFile(String line) {
    boolean begins = KEY_BEGINS.matcher(line).find();
    if (line.startsWith("@@")) {
      inKey = false;
    }
    if (inKey && !begins) {
      inKey = !KEY_ENDS.matcher(line).find();
      return;
    }
    inKey = begins && !KEY_ENDS.matcher(line).find();
    String shown = begins ? line.substring(0, 1) + Secrets.MASK : Secrets.hidden(line);
    if (!shown.equals(line)) {
      lines++;
    }
    kept.add(shown);
  }

  private String text() {
    var text = String.join("\n", kept);
    if (lines + filesLeftOut == 0) {
      return text;
    }
    return text
        + (text.endsWith("\n") ? "" : "\n")
        + "# secrets left out: in "
        + lines
        + (lines == 1 ? " line, " : " lines, ")
        + filesLeftOut
        + (filesLeftOut == 1 ? " file\n" : " files\n");
  }
}
