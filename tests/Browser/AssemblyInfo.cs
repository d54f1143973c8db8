using Parley.Browser.Harness;
using Xunit.Sdk;
using Xunit.v3;

// Three browsers at 320×180 are what two cores bear: one test at a time, but for Pages, which look at no media (./test).
[assembly: Parallelization(Mode = ParallelMode.None)]
[assembly: AssemblyFixture(typeof(Stage))]
