/** Migrations whose pages wait on intermediaries. */
package io.github.godwit.hostapi.scatter;
