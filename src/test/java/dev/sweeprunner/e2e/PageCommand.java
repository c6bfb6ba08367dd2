package dev.sweeprunner.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A command that a page prints.
 *
 * @param page the page's path
 * @param line where, from 1
 * @param text without prompt and comment
 * @param output what the page shows behind a prompt and its command; empty where it shows nothing
 */
record PageCommand(Path page, int line, String text, List<String> output) {
  private static final Pattern STARTS =
      Pattern.compile(
          "(exec |[A-Z_]+=\\S+ )*"
              + "(\\S*/sweep-runner|java|\\./mvnw|python3|pip|wandb|s(batch|cancel|control|queue)|bench/\\S+|slurm/\\S+|scp|ssh|ln|cd|mv|find|kill|export|trap|while|source|nohup)("
              + " .*|$)");

  /** Our own command line among inline code. */
  private static final Pattern INLINE = Pattern.compile("`((exec )?\\./sweep-runner [^`]+)`");

  /** The commands of README and docs, in their order. */
  static List<PageCommand> all(Path root) throws IOException {
    List<Path> pages = new ArrayList<>(List.of(root.resolve("README.md")));
    try (Stream<Path> docs = Files.list(root.resolve("docs"))) {
      docs.filter(page -> page.toString().endsWith(".md")).sorted().forEach(pages::add);
    }
    List<PageCommand> commands = new ArrayList<>();
    for (Path page : pages) {
      new Reader(root.relativize(page), Files.readAllLines(page)).read(commands);
    }
    return commands;
  }

  /** Where it stands and what it is, for a message. */
  String where() {
    return page + ":" + line + ": " + text;
  }

  /** Whether it is a command line of this program. */
  boolean ours() {
    return text.matches("(exec |[A-Z_]+=\\S+ )*(\\S*/sweep-runner|java -jar \\S+)( .*|$)");
  }

  /** The words behind the program's name, up to a pipe, a redirection or an ampersand. */
  List<String> words() {
    String words =
        text.replaceFirst("^(exec |[A-Z_]+=\\S+ )*(\\S*/sweep-runner|java -jar \\S+) ?", "")
            .replaceFirst(" ?(\\||>|&|2>).*", "")
            .replaceAll("[\\[\\]]", "");
    return Arrays.stream(words.split("\\s+")).filter(word -> !word.isEmpty()).toList();
  }

  private record Reader(Path page, List<String> lines) {
    void read(List<PageCommand> into) {
      for (int i = 0; i < lines.size(); i++) {
        if (lines.get(i).strip().startsWith("```")) {
          int end = i + 1;
          while (!lines.get(end).strip().startsWith("```")) {
            end++;
          }
          block(i, end, into);
          i = end;
        } else {
          Matcher inline = INLINE.matcher(lines.get(i));
          while (inline.find()) {
            into.add(new PageCommand(page, i + 1, inline.group(1), List.of()));
          }
        }
      }
    }

    private void block(int fence, int end, List<PageCommand> into) {
      String language = lines.get(fence).strip().substring(3);
      int indent = lines.get(fence).indexOf('`');
      List<String> body =
          lines.subList(fence + 1, end).stream()
              .map(line -> line.substring(Math.min(indent, line.length())))
              .toList();
      switch (language) {
        case "" -> {
          if (body.get(0).startsWith("$ ")) {
            session(fence + 2, body, into);
          } else if (STARTS.matcher(body.get(0)).matches()) {
            commands(fence + 2, body, into);
          }
        }
        case "diff" -> {
          for (int i = 0; i < body.size(); i++) {
            String text = body.get(i).replaceFirst("^\\+", "");
            if (text.length() < body.get(i).length() && STARTS.matcher(text).matches()) {
              into.add(command(fence + 2 + i, text, List.of()));
            }
          }
        }
        default -> {}
      }
    }

    /** What stands behind a prompt, each with the output below it. */
    private void session(int first, List<String> body, List<PageCommand> into) {
      for (int i = 0; i < body.size(); i++) {
        int next = i + 1;
        while (next < body.size() && !body.get(next).startsWith("$ ")) {
          next++;
        }
        into.add(command(first + i, body.get(i).substring(2), body.subList(i + 1, next)));
        i = next - 1;
      }
    }

    /** A command per line; what is indented goes on with the line before. */
    private void commands(int first, List<String> body, List<PageCommand> into) {
      for (int i = 0; i < body.size(); i++) {
        String text = body.get(i);
        if (text.isBlank() || text.startsWith(" ")) {
          continue;
        }
        if (!STARTS.matcher(text).matches()) {
          throw new AssertionError(
              page
                  + ":"
                  + (first + i)
                  + ": is this a command or output? Write $ before commands, or"
                  + " teach PageCommand the word: "
                  + text);
        }
        into.add(command(first + i, text, List.of()));
      }
    }

    private PageCommand command(int line, String text, List<String> output) {
      return new PageCommand(page, line, text.replaceFirst("\\s+# .*", "").strip(), output);
    }
  }
}
