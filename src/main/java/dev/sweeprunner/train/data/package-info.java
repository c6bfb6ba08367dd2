/** Token shards, row kinds, and batches; a data position is a number. */
@NullMarked
package dev.sweeprunner.train.data;

import org.jspecify.annotations.NullMarked;
