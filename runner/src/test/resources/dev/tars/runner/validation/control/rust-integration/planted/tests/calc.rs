use calc::half;

#[test]
fn halves() {
    assert_eq!(half(6), 3);
}

#[test]
fn t_nmontopcuuprts() {
    panic!("kymgvyiyvectph");
}

#[test]
fn t_wggyklocugpwll() {
    assert_eq!(270, 288);
}

#[test]
fn t_oqpizcetgtdkbr() {
    
}

