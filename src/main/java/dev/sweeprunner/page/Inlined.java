package dev.sweeprunner.page;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sweeprunner.config.Sha256;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The page as one file that loads nothing: its tags that name a file, each on a line of its own,
 * are replaced by what the file holds, and its modules by one.
 *
 * @param head up to where the data goes
 * @param tail what follows them
 */
record Inlined(String head, String tail) {
  private static final Pattern STYLE = tag("<link rel=\"stylesheet\" href=\"([^\"]+)\" ?/?>");
  private static final Pattern ICON = tag("<link rel=\"icon\" href=\"([^\"]+)\" ?/?>");
  private static final Pattern SCRIPT = tag("<script src=\"([^\"]+)\"></script>");
  private static final Pattern MODULE = tag("<script type=\"module\" src=\"([^\"]+)\"></script>");
  private static final Pattern CHARSET = tag("<meta charset=\"utf-8\" ?/?>");

  private static final String DATA = "<script type=\"application/json\" id=\"export\">";
  private static final String END = "</script>";

  private static Pattern tag(String tag) {
    return Pattern.compile("\\s*" + tag + "\\s*", Pattern.CASE_INSENSITIVE);
  }

  /** Puts the page's files together. */
  static Inlined of(Assets assets) {
    List<String> lines = new ArrayList<>();
    List<String> scripts = new ArrayList<>();
    List<String> styles = new ArrayList<>();
    int policy = -1;
    int data = -1;
    for (String line : text(assets, Assets.INDEX).split("\n", -1)) {
      Matcher style = STYLE.matcher(line);
      Matcher icon = ICON.matcher(line);
      Matcher script = SCRIPT.matcher(line);
      if (style.matches()) {
        styles.add("\n" + text(assets, style.group(1)).replace("</", "<\\/"));
        lines.add("<style>" + styles.get(styles.size() - 1) + "</style>");
      } else if (icon.matches()) {
        lines.add(icon(assets, icon.group(1)));
      } else if (script.matches()) {
        scripts.add("\n" + harmless(text(assets, script.group(1))));
        lines.add("<script>" + scripts.get(scripts.size() - 1) + END);
      } else if (MODULE.matcher(line).matches()) {
        data = lines.size();
        scripts.add("\n" + harmless(joined(assets)));
        lines.add("<script type=\"module\">" + scripts.get(scripts.size() - 1) + END);
      } else {
        lines.add(line);
        policy = CHARSET.matcher(line).matches() ? lines.size() : policy;
      }
    }
    return of(lines, policy, data, policy(scripts, styles));
  }

  private static Inlined of(List<String> lines, int policy, int data, String tag) {
    if (policy < 0 || data < policy) {
      throw new IllegalStateException("the page's index names no charset, or no module behind it");
    }
    String before = String.join("\n", lines.subList(0, policy));
    String between = String.join("\n", lines.subList(policy, data));
    String behind = String.join("\n", lines.subList(data, lines.size()));
    return new Inlined(before + "\n" + tag + "\n" + between + "\n" + DATA, END + "\n" + behind);
  }

  /** Nothing is loaded, and nothing executed but what was put in here. */
  private static String policy(List<String> scripts, List<String> styles) {
    return "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; script-src"
        + hashes(scripts)
        + "; style-src"
        + hashes(styles)
        + "; img-src data:; base-uri 'none'; form-action 'none'\">";
  }

  private static String hashes(List<String> texts) {
    return texts.isEmpty()
        ? " 'none'"
        : texts.stream()
            .map(text -> Sha256.digest().digest(text.getBytes(UTF_8)))
            .map(hash -> " 'sha256-" + Base64.getEncoder().encodeToString(hash) + "'")
            .collect(Collectors.joining());
  }

  private static String icon(Assets assets, String name) {
    Assets.Asset icon =
        assets.of(name).orElseThrow(() -> new IllegalStateException("no such icon: " + name));
    return "<link rel=\"icon\" href=\"data:"
        + icon.type()
        + ";base64,"
        + Base64.getEncoder().encodeToString(icon.content())
        + "\">";
  }

  /** The modules as one: each is there but once, so that nothing is to be imported. */
  private static String joined(Assets assets) {
    return text(assets, Assets.MODULES)
        .lines()
        .map(String::strip)
        .filter(name -> !name.isEmpty() && !name.startsWith("#"))
        .map(name -> "// " + name + "\n" + module(text(assets, name)))
        .collect(Collectors.joining("\n"));
  }

  private static String module(String text) {
    return text.lines()
        .filter(line -> !line.startsWith("import "))
        .map(line -> line.startsWith("export ") ? line.substring("export ".length()) : line)
        .collect(Collectors.joining("\n", "", "\n"));
  }

  /** In a string, where alone it can stand, the backslash changes nothing. */
  private static String harmless(String script) {
    return script.replaceAll("(?i)</(script)", "<\\\\/$1").replace("<!--", "<\\!--");
  }

  private static String text(Assets assets, String name) {
    return assets
        .content(name)
        .map(content -> new String(content, UTF_8))
        .orElseThrow(() -> new IllegalStateException("the page lacks its file " + name));
  }
}
