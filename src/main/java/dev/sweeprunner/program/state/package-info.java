/**
 * What a program leaves behind, as the published state of a run, and the folder it works in.
 *
 * <p>Promises the commit order: nothing is published before it is whole and on the disk; a kill
 * leaves garbage under the epoch's own names alone. Knows neither how a checkpoint was found nor
 * the program.
 */
@NullMarked
package dev.sweeprunner.program.state;

import org.jspecify.annotations.NullMarked;
