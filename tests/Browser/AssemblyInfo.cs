using Parley.Browser.Harness;
using Xunit.Sdk;
using Xunit.v3;

// Timing: one test at a time. ./test says otherwise for the others.
[assembly: Parallelization(Mode = ParallelMode.None)]
[assembly: AssemblyFixture(typeof(Stage))]
