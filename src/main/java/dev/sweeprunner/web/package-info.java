/** Health of a worker over HTTP, on loopback. */
@NullMarked
package dev.sweeprunner.web;

import org.jspecify.annotations.NullMarked;
