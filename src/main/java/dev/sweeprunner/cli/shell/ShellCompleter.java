package dev.sweeprunner.cli.shell;

import dev.sweeprunner.options.NextWord;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jline.builtins.Completers.FileNameCompleter;
import org.jline.reader.Candidate;
import org.jline.reader.Completer;
import org.jline.reader.LineReader;
import org.jline.reader.ParsedLine;

/** Offers what the grammar says may come next: commands, options and their values, paths, runs. */
final class ShellCompleter implements Completer {
  private final Session session;
  private final Completer paths = new FileNameCompleter();
  private final Completer sweeps = new SweepFiles();

  ShellCompleter(Session session) {
    this.session = session;
  }

  @Override
  public void complete(LineReader reader, ParsedLine line, List<Candidate> candidates) {
    String begun = line.word().substring(0, line.wordCursor());
    NextWord next = session.next(line.words().subList(0, line.wordIndex()), begun);
    next.words().forEach(word -> candidates.add(new Candidate(word)));
    for (NextWord.Wanted wanted : next.wanted()) {
      switch (wanted) {
        case PATH -> paths.complete(reader, line, candidates);
        case SWEEP -> sweeps.complete(reader, line, candidates);
        case PAIR -> pairs(begun, candidates);
        case RUN, FREEABLE_RUN, KEY ->
            session.offers(wanted).forEach(word -> candidates.add(new Candidate(word)));
      }
    }
  }

  /** First the keys, then, behind one and its equals sign, its values. */
  private void pairs(String begun, List<Candidate> candidates) {
    String key = begun.substring(0, begun.indexOf('=') + 1);
    for (String pair : session.offers(NextWord.Wanted.PAIR)) {
      String ofKey = pair.substring(0, pair.indexOf('=') + 1);
      if (key.isEmpty()) {
        candidates.add(new Candidate(ofKey, ofKey, null, null, null, null, false));
      } else if (key.equals(ofKey)) {
        candidates.add(new Candidate(pair));
      }
    }
  }

  /** Folders, and what may be a sweep. */
  private static final class SweepFiles extends FileNameCompleter {
    @Override
    protected boolean accept(Path path) {
      Path name = path.getFileName();
      String last = name == null ? "" : name.toString().toLowerCase(Locale.ROOT);
      boolean sweep = last.matches(".*\\.ya?ml") && !last.matches(".*\\.runner\\.ya?ml");
      return super.accept(path) && (sweep || Files.isDirectory(path));
    }
  }
}
