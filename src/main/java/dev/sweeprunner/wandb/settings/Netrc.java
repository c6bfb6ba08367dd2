package dev.sweeprunner.wandb.settings;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The passwords of a netrc file, read as Python's {@code netrc} reads it: of two entries with one
 * name the later counts, {@code default} stands for every machine without an entry, {@code #}
 * starts a comment, {@code macdef} goes on to an empty line, a backslash takes the next character
 * as it is. A token in double quotes is the text between them. Two things that Python 3.11 refuses
 * or takes literally are read as they are meant: single quotes, as in a shell, and a comment of
 * several words without a blank behind its {@code #}.
 */
final class Netrc {
  private static final String DEFAULT = "default";
  private static final String MACHINE = "machine";
  private static final String MACRO = "macdef";
  private static final Set<String> TOP = Set.of("", MACHINE, DEFAULT, MACRO);

  private final Map<String, String> passwords = new HashMap<>();
  private final String text;
  private int at;

  private Netrc(String text) {
    this.text = text;
  }

  /**
   * Reads the whole text.
   *
   * @throws UnreadableText naming a line; nothing of the text is in the message
   */
  static Netrc read(String text) throws UnreadableText {
    Netrc netrc = new Netrc(text);
    netrc.entries();
    return netrc;
  }

  /**
   * The password for a machine, empty text where its entry has none.
   *
   * @param machine host, with {@code :port} where the address has one
   */
  Optional<String> password(String machine) {
    return Optional.ofNullable(passwords.get(machine))
        .or(() -> Optional.ofNullable(passwords.get(DEFAULT)));
  }

  private void entries() throws UnreadableText {
    String token = token();
    while (!token.isEmpty()) {
      if (token.startsWith("#")) {
        skipComment();
        token = token();
      } else if (token.equals(MACRO)) {
        skipMacro();
        token = token();
      } else if (token.equals(MACHINE)) {
        String name = token();
        if (name.isEmpty()) {
          throw wrong("has no name after 'machine'");
        }
        token = entry(name);
      } else if (token.equals(DEFAULT)) {
        token = entry(DEFAULT);
      } else {
        throw wrong("does not start with 'machine', 'default' or 'macdef'");
      }
    }
  }

  /** Reads what follows a name; returns the word after it. */
  private String entry(String name) throws UnreadableText {
    String password = "";
    String token = token();
    while (!TOP.contains(token)) {
      if (token.startsWith("#")) {
        skipComment();
      } else if (token.equals("password")) {
        password = token();
      } else if (Set.of("login", "user", "account").contains(token)) {
        token();
      } else {
        throw wrong("has a word that is not 'login', 'account' or 'password'");
      }
      token = token();
    }
    passwords.put(name, password);
    return token;
  }

  /** The rest of the line, unless the word that was read already took the line's end with it. */
  private void skipComment() {
    if (text.charAt(at - 1) != '\n') {
      line();
    }
  }

  private void skipMacro() throws UnreadableText {
    token();
    String line = line();
    while (!line.equals("\n")) {
      if (line.isEmpty()) {
        throw wrong("ends a macro without an empty line");
      }
      line = line();
    }
  }

  private String line() {
    int end = text.indexOf('\n', at);
    int from = at;
    at = end < 0 ? text.length() : end + 1;
    return text.substring(from, at);
  }

  /** The next word with the one blank behind it; empty at the end. */
  private String token() {
    while (at < text.length() && blank(text.charAt(at))) {
      at++;
    }
    if (at == text.length()) {
      return "";
    }
    char first = text.charAt(at);
    if (first == '"' || (first == '\'' && closed())) {
      at++;
      return upTo(first);
    }
    return upTo(' ');
  }

  /** A single quote is one only in pairs: older passwords may start with one. */
  private boolean closed() {
    int end = text.indexOf('\'', at + 1);
    int newline = text.indexOf('\n', at);
    return end > 0
        && (newline < 0 || end < newline)
        && (end + 1 == text.length() || blank(text.charAt(end + 1)));
  }

  private String upTo(char end) {
    StringBuilder word = new StringBuilder();
    while (at < text.length()) {
      char next = text.charAt(at++);
      if (next == end || (end == ' ' && blank(next))) {
        break;
      }
      if (next == '\\' && end != '\'' && at < text.length()) {
        next = text.charAt(at++);
      }
      word.append(next);
    }
    return word.toString();
  }

  private static boolean blank(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
  }

  private UnreadableText wrong(String what) {
    int last = Math.max(0, at - 1);
    long line = 1 + text.substring(0, last).chars().filter(c -> c == '\n').count();
    return new UnreadableText((int) line, what);
  }
}
