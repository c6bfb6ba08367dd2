package dev.sweeprunner.cli.shell;

import dev.sweeprunner.problem.UserError;
import java.util.ArrayList;
import java.util.List;

/**
 * Splits one line into words as a POSIX shell does: at blanks, where no quote and no backslash
 * keeps them; {@code #} at the start of a word begins a comment. Nothing is expanded: {@code $},
 * {@code *}, {@code |}, {@code >} and their like are letters as any other.
 */
final class Words {
  private static final char PLAIN = 0;

  private final String line;
  private final List<String> words = new ArrayList<>();
  private final StringBuilder word = new StringBuilder();
  private boolean begun;
  private char quote = PLAIN;
  private int at;

  private Words(String line) {
    this.line = line;
  }

  /**
   * The words.
   *
   * @throws UserError for a quote that does not end, or a backslash with nothing behind it
   */
  static List<String> of(String line) {
    Words words = new Words(line);
    words.split();
    return List.copyOf(words.words);
  }

  private void split() {
    for (at = 0; at < line.length() && !comment(); at++) {
      char letter = line.charAt(at);
      if (letter == '\\' && quote != '\'') {
        escaped();
      } else if (quote == PLAIN && (letter == '\'' || letter == '"')) {
        quote = letter;
        begun = true;
      } else if (letter == quote) {
        quote = PLAIN;
      } else if (quote == PLAIN && Character.isWhitespace(letter)) {
        end();
      } else {
        add(letter);
      }
    }
    if (quote != PLAIN) {
      throw unended("the quote " + quote);
    }
    end();
  }

  private boolean comment() {
    return !begun && quote == PLAIN && line.charAt(at) == '#';
  }

  /** Between double quotes a backslash hides only what would mean something there. */
  private void escaped() {
    at++;
    if (at == line.length()) {
      throw unended("the backslash at its end");
    }
    char letter = line.charAt(at);
    if (quote == '"' && "\\\"$`".indexOf(letter) < 0) {
      add('\\');
    }
    add(letter);
  }

  private void add(char letter) {
    word.append(letter);
    begun = true;
  }

  private void end() {
    if (begun) {
      words.add(word.toString());
    }
    word.setLength(0);
    begun = false;
  }

  private UserError unended(String what) {
    return new UserError(
        line.strip(), what + " has no other half on this line", "Add it, or write \\ before it");
  }
}
