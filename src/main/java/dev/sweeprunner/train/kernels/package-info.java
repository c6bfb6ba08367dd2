/** The one interface between the model and a back end. Holds no implementation. */
@NullMarked
package dev.sweeprunner.train.kernels;

import org.jspecify.annotations.NullMarked;
