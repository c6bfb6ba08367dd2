package dev.sweeprunner.run;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Keeps secrets out of what is written down for people: keys of well-known shapes, and values that
 * are assigned to names such as {@code API_KEY}. Rather hides too much; what has no shape and no
 * name cannot be known. Pure.
 */
public final class Secrets {
  /** What stands in a secret's place. */
  public static final String MASK = "[secret left out]";

  /** The part of a pattern's match that is hidden. */
  private static final String SECRET = "secret";

  private static final List<Pattern> PATTERNS =
      List.of(
          // W&B's keys; a submodule's commit looks like an old one
          shape("(?<!Subproject commit )[0-9a-fA-F]{40}"),
          shape("wandb_v1_\\w{8,}"),
          shape("hf_[A-Za-z0-9]{16,}"),
          shape("sk-[\\w-]{16,}"),
          shape("gh[pousr]_[A-Za-z0-9]{16,}|github_pat_\\w{16,}|glpat-[\\w-]{16,}"),
          shape("A[KS]IA[0-9A-Z]{16}|AIza[\\w-]{35}|xox[abprs]-[\\w-]{10,}"),
          Pattern.compile("(?i)\\bbearer\\s{1,8}(?<secret>[\\w.~+/-]{16,}=*)"),
          Pattern.compile("://[^/\\s:@]{0,200}:(?<secret>[^/\\s@]{1,200})@"),
          // API_KEY=value, "HF_TOKEN": "value"
          named("KEY|TOKEN|SECRET|PASSWORD|PASSWD|CREDENTIALS?", "[^\\s\"',;)$][^\\s\"',;)]*"),
          // api_key="value", login(key='value'), --token value
          named("(?i:key|token)", "(?<=[\"'])[^\"'\\s]{12,}|[\\w+/-]{20,}=*"),
          named("(?i:secret|password|passwd)", "[^\\s\"',;)$][^\\s\"',;)]*"),
          Pattern.compile("(?i)-(?:key|token)[ =]{1,8}(?<secret>[^\\s\"'$-][^\\s\"']{11,})"),
          Pattern.compile("(?i)-(?:secret|password|passwd)\\s{1,8}(?<secret>[^\\s$-]\\S*)"));

  /** A line of base64 alone, as in the middle of a private key. */
  private static final Pattern BASE64 =
      Pattern.compile(
          "[+ -]?\\s{0,64}(?=\\S*[A-Z])(?=\\S*[a-z])(?=\\S*[0-9])[A-Za-z0-9+/]{60,}={0,2}");

  private static final Pattern NAME =
      Pattern.compile("(?i).*(key|token|secret|passw(or)?d|credentials?)(_.*)?", Pattern.DOTALL);

  /** The longest line that is looked into; a longer one is hidden as it is. */
  private static final int LONGEST = 20_000;

  private Secrets() {}

  /** The line with every secret in it hidden; itself where there is none. */
  public static String hidden(String line) {
    if (line.length() > LONGEST || BASE64.matcher(line).matches()) {
      return line.substring(0, line.isEmpty() || isWord(line.charAt(0)) ? 0 : 1) + MASK;
    }
    String hidden = line;
    for (Pattern pattern : PATTERNS) {
      hidden = hidden(hidden, pattern);
    }
    return hidden;
  }

  /** The value of a variable, hidden where its name or its shape says that it is a secret. */
  public static String hidden(String name, String value) {
    return !value.isEmpty() && NAME.matcher(name).matches() ? MASK : hidden(value);
  }

  /** The words of a command line, with their secrets hidden. */
  public static List<String> hidden(List<String> words) {
    List<String> hidden = new ArrayList<>();
    String before = "";
    for (String word : words) {
      String option = "-" + before.replace('_', '-') + " ";
      boolean secret = before.startsWith("-") && !hidden(option + word).startsWith(option + word);
      hidden.add(secret ? MASK : hidden(word));
      before = word;
    }
    return hidden;
  }

  private static String hidden(String line, Pattern pattern) {
    Matcher matcher = pattern.matcher(line);
    StringBuilder hidden = new StringBuilder();
    int done = 0;
    while (matcher.find()) {
      if (!matcher.group(SECRET).contains("[secret")) {
        hidden.append(line, done, matcher.start(SECRET)).append(MASK);
        done = matcher.end(SECRET);
      }
    }
    return done == 0 ? line : hidden.append(line, done, line.length()).toString();
  }

  private static boolean isWord(char c) {
    return Character.isLetterOrDigit(c);
  }

  private static Pattern shape(String shape) {
    return Pattern.compile("(?<![A-Za-z0-9_])(?<secret>" + shape + ")(?![A-Za-z0-9])");
  }

  /** A value that is assigned to a name that ends so, or goes on after an underline. */
  private static Pattern named(String name, String value) {
    return Pattern.compile(
        "(?:"
            + name
            + ")(?:[_-]\\w{0,60})?[\"']?\\]?\\s{0,8}(?:=>|[:=])\\s{0,8}[\"']?(?<secret>"
            + value
            + ")");
  }
}
