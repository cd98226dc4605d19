/** The lab's Linux guests: their images, their accelerator and their start. */
package io.github.godwit.lab.linux;
