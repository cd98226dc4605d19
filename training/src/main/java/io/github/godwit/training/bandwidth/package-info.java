/** Fits how much bandwidth migrations get beside other traffic. */
package io.github.godwit.training.bandwidth;
