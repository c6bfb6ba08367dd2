/** Commands, one class each, and the views that print what they return. */
@NullMarked
package dev.sweeprunner.cli;

import org.jspecify.annotations.NullMarked;
