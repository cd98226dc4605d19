/** Access to package-private parts of Weka's trees. */
package weka.classifiers.trees;
