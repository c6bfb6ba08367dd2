package dev.sweeprunner.page;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The files that make the page, as they are packed into the jar. Stateless. */
class Assets {
  static final String INDEX = "index.html";

  /** The modules in the order in which each may need those before it. */
  static final String MODULES = "modules.txt";

  private static final String FOLDER = "/page/";
  private static final String UPLOT = "/META-INF/resources/webjars/uplot/1.6.30/dist/";

  private static final Map<String, String> ELSEWHERE =
      Map.of(
          "uplot.js", UPLOT + "uPlot.iife.min.js",
          "uplot.css", UPLOT + "uPlot.min.css");

  /** A name without a folder, so that none leads out of the one that is served. */
  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9_-]*\\.([a-z0-9]+)");

  private static final Map<String, String> TYPES =
      Map.of(
          "html", "text/html;charset=utf-8",
          "css", "text/css;charset=utf-8",
          "js", "text/javascript;charset=utf-8",
          "svg", "image/svg+xml",
          "png", "image/png");

  /**
   * One file.
   *
   * @param type as HTTP names it
   */
  record Asset(String type, byte[] content) {}

  /** The file of this name, if it is one that is served. */
  Optional<Asset> of(String name) {
    Matcher matcher = NAME.matcher(name);
    String type = matcher.matches() ? TYPES.get(matcher.group(1)) : null;
    return type == null ? Optional.empty() : content(name).map(content -> new Asset(type, content));
  }

  /** What a file holds, if it is there. */
  Optional<byte[]> content(String name) {
    String place = ELSEWHERE.getOrDefault(name, FOLDER + name);
    try (InputStream in = Assets.class.getResourceAsStream(place)) {
      return in == null ? Optional.empty() : Optional.of(in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException("the jar cannot be read", e);
    }
  }
}
