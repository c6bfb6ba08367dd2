package dev.sweeprunner.run;

/**
 * Another program's state with which a run began.
 *
 * @param file where it was imported from, in words of at most {@link #LONGEST} characters: a record
 *     keeps them whole, since publishes are compared
 * @param iter the updates that it had had
 */
public record Origin(String file, long iter) {
  /** Longer words might not fit a record. */
  public static final int LONGEST = 100;

  /** Cuts what is longer; a file's name may hold anything. */
  public Origin {
    file = file.replaceAll("\\p{Cntrl}", "?");
    file = file.length() <= LONGEST ? file : file.substring(0, LONGEST);
  }

  /** For people. */
  public String words() {
    return file + " at iteration " + iter;
  }
}
