package dev.sweeprunner.run;

import java.util.List;
import java.util.Map;

/** What W&amp;B lacks of runs, as far as the disk says; for those who only look. */
public interface Arrears {
  /** Where W&amp;B is told nothing. */
  Arrears NONE =
      new Arrears() {
        @Override
        public Owed of(String project) {
          return new Owed(Map.of(), true);
        }

        @Override
        public String wayOut() {
          return "";
        }
      };

  /**
   * Runs of a project that W&amp;B did not take when their worker was heard last.
   *
   * @param project its folder
   */
  Owed of(String project);

  /** The command that sends it. */
  String wayOut();

  /**
   * Runs that W&amp;B lacks something of.
   *
   * @param rows that are safe on disk and not there, by run id; 0 where only the end is lacking
   * @param all whether these are all; else there are more than a look reads
   * @param beside names of runs that their programs wrote beside them, and that are not whole there
   */
  record Owed(Map<String, Long> rows, boolean all, List<String> beside) {
    /** Of runs alone. */
    public Owed(Map<String, Long> rows, boolean all) {
      this(rows, all, List.of());
    }
  }
}
