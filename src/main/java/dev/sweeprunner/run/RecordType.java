package dev.sweeprunner.run;

/** The kinds of records in a claim log. */
public enum RecordType {
  CLAIM,
  PUBLISH,
  RELEASE,
  FAIL,
  FINISH,
  POISON,
  RESET
}
