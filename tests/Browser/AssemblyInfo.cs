using Parley.Browser.Harness;
using Xunit.Sdk;
using Xunit.v3;

// Three browsers at 320×180 are what two cores bear: one test at a time.
[assembly: Parallelization(Mode = ParallelMode.None)]
[assembly: AssemblyFixture(typeof(Stage))]
