/** A small cluster on one machine: hosts as network namespaces that run the host driver and real QEMU. */
package io.github.godwit.lab;
