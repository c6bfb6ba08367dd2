/**
 * Token shards, row kinds, and batches; a data position is a number.
 *
 * <p>Whatever row r of a run is, it is a function of (config, data files, r): its kind, its tokens,
 * its compartments. No generator is advanced and no cursor is kept, so nothing can be lost by a
 * kill, and the split of an iteration into micro-batches changes no row.
 *
 * <p>Where a row finds its tokens: in a token stream of L tokens, row r owns the T tokens from
 * {@code (r·T) mod L} on, across shards and around the end. A plain row uses all of them, a
 * translation row the first T/2 - 1 and skips the rest: the fixed stride is what makes the position
 * independent of the kinds of the rows before. Uniform tokens are drawn by (row, position).
 *
 * <p>Where each compartment has a stream of its own, the n-th row that needs a compartment owns the
 * T tokens from {@code (n·T) mod L} on. Which n that is follows from r by counting: the kinds of
 * rows are a shuffle by an affine permutation, and how many of its first r images lie in a range is
 * a sum of quotients, found in O(log) steps.
 *
 * <p>Promises that a shard is read only as its header says and that no token outside the vocabulary
 * reaches a model. Knows no model and no back end.
 */
@NullMarked
package dev.sweeprunner.train.data;

import org.jspecify.annotations.NullMarked;
