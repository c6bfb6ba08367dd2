package dev.sweeprunner.architecture;

import com.tngtech.archunit.lang.ArchRule;

/**
 * One rule with a short name.
 *
 * @param name for test reports and for the tree that breaks it
 * @param check the rule itself
 */
record Rule(String name, ArchRule check) {
  @Override
  public String toString() {
    return name;
  }
}
