/**
 * The one interface between the model and a back end, and what both must agree on: buffers, groups
 * of parameters, AdamW, counter-based random numbers. Holds no back end and knows none.
 */
@NullMarked
package dev.sweeprunner.train.kernels;

import org.jspecify.annotations.NullMarked;
