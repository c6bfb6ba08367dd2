package dev.sweeprunner.cli.shell;

import dev.sweeprunner.options.NextWord;
import java.util.List;
import org.jline.builtins.Completers.FileNameCompleter;
import org.jline.reader.Candidate;
import org.jline.reader.Completer;
import org.jline.reader.LineReader;
import org.jline.reader.ParsedLine;

/** Offers what the grammar says may come next: commands, options and their values, paths, runs. */
final class ShellCompleter implements Completer {
  private final Session session;
  private final Completer files = new FileNameCompleter();

  ShellCompleter(Session session) {
    this.session = session;
  }

  @Override
  public void complete(LineReader reader, ParsedLine line, List<Candidate> candidates) {
    String begun = line.word().substring(0, line.wordCursor());
    NextWord next = session.next(line.words().subList(0, line.wordIndex()), begun);
    next.words().forEach(word -> candidates.add(new Candidate(word)));
    if (next.files()) {
      files.complete(reader, line, candidates);
    }
    if (next.runIds()) {
      session.runIds().forEach(id -> candidates.add(new Candidate(id)));
    }
  }
}
