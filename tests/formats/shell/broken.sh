echo "unclosed $( ( 
 mlflow ui <<EOF
never