/** The CPU back end: plain loops, the same bits with any number of threads and on any JDK. */
@NullMarked
package dev.sweeprunner.train.cpu;

import org.jspecify.annotations.NullMarked;
